/**
 * The steps of a playbook as a graph. An edge that leads back to an earlier step of the file, within a loop, begins a new round of
 * that loop; all other edges lead forward. Forward edges and needs together have no cycle, so a run can never come to a standstill.
 */
import type { Playbook, PlaybookStep } from '../../../../shared/model/playbook.ts'

export type PlaybookGraph = Pick<Playbook, 'start' | 'steps'>

/** Where a step can lead, each step once. */
export function leadsTo(step: PlaybookStep): string[] {
  const choices = step.kind === 'decide' ? step.choices.flatMap(({ next }) => next) : []
  return [...new Set(step.kind === 'decide' ? choices : [...step.onSuccess, ...step.onFailure])]
}

/** A way a step can come to its end, and where that leads. */
export function endingsOf(step: PlaybookStep): (readonly string[])[] {
  return step.kind === 'decide' ? step.choices.map(({ next }) => next) : [step.onSuccess, step.onFailure]
}

export const indexById = (steps: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
  new Map(steps.map(({ id }, index) => [id, index]))

/** Number of the loop each step is in, by index; steps with one number can reach each other. (Tarjan, without recursion.) */
export function loopsOf(steps: readonly PlaybookStep[]): number[] {
  const index = indexById(steps)
  const edges = steps.map((step) => leadsTo(step).flatMap((id) => index.get(id) ?? []))
  const order = new Array<number>(steps.length).fill(-1)
  const low = new Array<number>(steps.length).fill(0)
  const loop = new Array<number>(steps.length).fill(-1)
  const open: number[] = []
  const isOpen = new Array<boolean>(steps.length).fill(false)
  let [count, loops] = [0, 0]
  for (let root = 0; root < steps.length; root++) {
    if (order[root] !== -1) continue
    const path: { at: number; edge: number }[] = [{ at: root, edge: 0 }]
    while (path.length > 0) {
      const top = path.at(-1)!
      const { at } = top
      if (top.edge === 0) {
        order[at] = low[at] = count++
        open.push(at)
        isOpen[at] = true
      }
      const next = edges[at]?.[top.edge++]
      if (next !== undefined) {
        if (order[next] === -1) path.push({ at: next, edge: 0 })
        else if (isOpen[next]) low[at] = Math.min(low[at]!, order[next]!)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent.at] = Math.min(low[parent.at]!, low[at]!)
      if (low[at] !== order[at]) continue
      for (;;) {
        const member = open.pop()!
        isOpen[member] = false
        loop[member] = loops
        if (member === at) break
      }
      loops++
    }
  }
  return loop
}

/** Whether the edge between two steps (by index) begins a new round. */
export const isBack = (loops: readonly number[], from: number, to: number): boolean => to <= from && loops[from] === loops[to]

export interface GraphProblem {
  /** Path in the file of what is wrong. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What is wrong with how steps lead to one another. Empty where every run can come to its end. */
export function graphProblems({ start, steps }: PlaybookGraph): GraphProblem[] {
  const problems: GraphProblem[] = []
  const index = indexById(steps)
  steps.forEach(({ id }, at) => {
    if (index.get(id) !== at) problems.push({ path: ['steps', index.get(id)!, 'id'], message: `there are two steps ${id}` })
  })
  problems.push(...references(start, steps, index))
  // The rest speaks of steps that are there.
  if (problems.length > 0) return problems
  const edges = steps.map((step) => leadsTo(step).map((id) => index.get(id)!))
  const starts = start.map((id) => index.get(id)!)
  const at = (step: number): readonly (string | number)[] => ['steps', step, 'id']
  const named = (of: readonly number[]): string => of.map((step) => steps[step]!.id).join(' → ')

  const reached = reachable(starts, edges)
  steps.forEach(({ id }, step) => {
    if (!reached.has(step)) problems.push({ path: at(step), message: `nothing leads to ${id}` })
  })
  const endless = cycleOf(edges.map((next, step) => (steps[step]!.kind === 'wait' ? [] : next)))
  if (endless !== null)
    problems.push({ path: at(endless[0]!), message: `a loop without a wait: ${named([...endless, endless[0]!])}` })
  if (problems.length > 0) return problems

  const loops = loopsOf(steps)
  const forward = edges.map((next, step) => next.filter((to) => !isBack(loops, step, to)))
  const ahead = reachable(starts, forward)
  steps.forEach(({ id }, step) => {
    if (!ahead.has(step))
      problems.push({ path: at(step), message: `${id} stands before the step that leads to it: move it down` })
  })
  const before = forward.map((next) => [...next])
  steps.forEach(({ needs }, step) => needs.forEach((id) => before[index.get(id)!]!.push(step)))
  const knot = cycleOf(before)
  if (knot !== null)
    problems.push({
      path: [...at(knot[0]!).slice(0, 2), 'needs'],
      message: `a step needs what can only be done after it: ${named([...knot, knot[0]!])}`,
    })
  steps.forEach((step, from) => {
    const ends = [...reachable([from], edges)].some((other) => endingsOf(steps[other]!).some((next) => next.length === 0))
    if (!ends) problems.push({ path: at(from), message: `no way leads from ${step.id} to an end` })
  })
  return problems
}

function references(
  start: readonly string[],
  steps: readonly PlaybookStep[],
  index: ReadonlyMap<string, number>,
): GraphProblem[] {
  const problems: GraphProblem[] = []
  const look = (ids: readonly string[], path: readonly (string | number)[], self: string | null): void => {
    const seen = new Set<string>()
    ids.forEach((id, at) => {
      const where = [...path, at]
      if (!index.has(id)) problems.push({ path: where, message: `there is no step ${id}` })
      else if (id === self) problems.push({ path: where, message: `${id} names itself` })
      else if (seen.has(id)) problems.push({ path: where, message: `${id} is named twice` })
      seen.add(id)
    })
  }
  look(start, ['start'], null)
  steps.forEach((step, at) => {
    const path = ['steps', at]
    look(step.needs, [...path, 'needs'], step.id)
    if (step.kind === 'decide') {
      const choices = new Set<string>()
      step.choices.forEach((choice, number) => {
        const of = [...path, 'choices', number]
        if (choices.has(choice.id)) problems.push({ path: [...of, 'id'], message: `there are two choices ${choice.id}` })
        choices.add(choice.id)
        look(choice.next, [...of, 'next'], null)
      })
    } else {
      look(step.onSuccess, [...path, 'on_success'], null)
      look(step.onFailure, [...path, 'on_failure'], null)
    }
    const after = step.due?.after ?? null
    if (after !== null) look([after], [...path, 'due', 'after'], step.id)
  })
  return problems
}

function reachable(from: readonly number[], edges: readonly (readonly number[])[]): Set<number> {
  const found = new Set(from)
  for (const step of found) for (const next of edges[step] ?? []) found.add(next)
  return found
}

/** Steps of one cycle in their order, or null. */
function cycleOf(edges: readonly (readonly number[])[]): number[] | null {
  const state = new Array<'new' | 'open' | 'closed'>(edges.length).fill('new')
  for (let root = 0; root < edges.length; root++) {
    if (state[root] !== 'new') continue
    const path: { at: number; edge: number }[] = [{ at: root, edge: 0 }]
    state[root] = 'open'
    while (path.length > 0) {
      const top = path.at(-1)!
      const next = edges[top.at]?.[top.edge++]
      if (next === undefined) {
        state[top.at] = 'closed'
        path.pop()
      } else if (state[next] === 'open') {
        const steps = path.map(({ at }) => at)
        return steps.slice(steps.indexOf(next))
      } else if (state[next] === 'new') {
        state[next] = 'open'
        path.push({ at: next, edge: 0 })
      }
    }
  }
  return null
}
