/** What can still happen in a run: which steps may come, which are off the chosen branch, what a step waits for. */
import type { PlaybookStep } from '../../../../shared/model/playbook.ts'
import type { PlaybookRun, RunStep } from '../../../../shared/model/playbook-run.ts'
import { indexById, isBack, leadsTo, loopsOf } from './graph.ts'

export const isSettled = ({ status }: RunStep): boolean => status === 'done' || status === 'skipped'

/** The shape of a run's playbook; it never changes, so it is made once. */
export interface RunShape {
  readonly index: ReadonlyMap<string, number>
  readonly loops: readonly number[]
  /** Forward edges by index. */
  readonly forward: readonly (readonly number[])[]
}
const shapes = new WeakMap<readonly PlaybookStep[], RunShape>()

export function shapeOf({ playbook: { steps } }: Pick<PlaybookRun, 'playbook'>): RunShape {
  const known = shapes.get(steps)
  if (known !== undefined) return known
  const index = indexById(steps)
  const loops = loopsOf(steps)
  const forward = steps.map((step, from) =>
    leadsTo(step).flatMap((id) => {
      const to = index.get(id)
      return to === undefined || isBack(loops, from, to) ? [] : [to]
    }),
  )
  const shape = { index, loops, forward }
  shapes.set(steps, shape)
  return shape
}

/** Steps, by index, that are not settled and are reached, or can be without going back in a loop. */
export function possibleSteps(run: PlaybookRun, shape: RunShape = shapeOf(run)): Set<number> {
  const possible = new Set<number>()
  run.steps.forEach((step, at) => {
    if (step.reached !== null && !isSettled(step)) possible.add(at)
  })
  for (const at of possible)
    for (const to of shape.forward[at] ?? []) {
      const next = run.steps[to]
      if (next !== undefined && !isSettled(next)) possible.add(to)
    }
  return possible
}

/** Ids of what a step needs that is neither done nor skipped and may still come. */
export function outstanding(
  run: PlaybookRun,
  at: number,
  possible: ReadonlySet<number>,
  shape: RunShape = shapeOf(run),
): string[] {
  return (run.playbook.steps[at]?.needs ?? []).filter((id) => {
    const need = shape.index.get(id)
    return need !== undefined && possible.has(need)
  })
}
