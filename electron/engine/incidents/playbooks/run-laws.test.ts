/** Laws of runs, held to random playbooks and random actions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlaybookRun, RunAction, RunEvent } from '../../../../shared/model/playbook-run.ts'
import { anyPlaybook } from './made-playbook.ts'
import { isSettled, outstanding, possibleSteps } from './outlook.ts'
import { runEventText } from './run-words.ts'
import { viewRun } from './run-view.ts'
import { applyAction, startRun } from './run.ts'

const START = Date.UTC(2026, 10, 19, 18, 0)
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString()

type Move = {
  readonly kind: RunAction['kind']
  readonly step: number
  readonly failed: boolean
  readonly choice: number
  readonly after: number
}
const moves = fc.array(
  fc.record({
    kind: fc.constantFrom<RunAction['kind']>(
      'done',
      'done',
      'done',
      'answer',
      'answer',
      'skip',
      'reopen',
      'start',
      'assign',
      'tick',
    ),
    step: fc.nat(),
    failed: fc.boolean(),
    choice: fc.nat(2),
    after: fc.constantFrom(0, 1, 45, 120),
  }),
  { maxLength: 40 },
)

function actionOf(run: PlaybookRun, move: Move, minute: number): RunAction {
  const step = run.steps[move.step % run.steps.length]!.id
  const of = { step, at: at(minute), by: 'kim' }
  switch (move.kind) {
    case 'done':
      return { kind: 'done', ...of, outcome: move.failed ? 'failure' : 'success', note: null, evidence: [] }
    case 'answer':
      return { kind: 'answer', ...of, choice: ['one', 'two', 'three'][move.choice]!, note: 'why' }
    case 'skip':
      return { kind: 'skip', ...of, reason: move.failed ? '' : 'not needed' }
    case 'reopen':
      return { kind: 'reopen', ...of, reason: null }
    case 'start':
      return { kind: 'start', ...of }
    case 'assign':
      return { kind: 'assign', ...of, who: move.failed ? null : 'lee' }
    case 'tick':
      return { kind: 'tick', at: at(minute), facts: { 'alerts.open': move.choice, impact: move.failed ? 'failed' : 'succeeded' } }
  }
}

function checkInvariants(run: PlaybookRun): void {
  const { steps, progress } = viewRun(run, run.at)
  expect(progress.done + progress.skipped + progress.open).toBe(progress.total)
  expect(progress.total + steps.filter(({ state }) => state === 'off').length).toBe(run.steps.length)
  const possible = possibleSteps(run)
  for (const [index, state] of run.steps.entries()) {
    // Its end says the same as its status.
    expect(state.end !== null).toBe(isSettled(state))
    if (state.status === 'done') expect(state.end?.outcome).not.toBeNull()
    if (state.status === 'skipped') expect(state.end?.note).toBeTruthy()
    if (state.status !== 'open') expect(state.reached).not.toBeNull()
    if (!isSettled(state))
      expect(state.ready !== null).toBe(state.reached !== null && outstanding(run, index, possible).length === 0)
  }
  // Never at a standstill: what is left can be worked on.
  if (run.ended === null) expect(steps.some(({ state }) => ['ready', 'waiting', 'started'].includes(state))).toBe(true)
}

describe('any sequence of actions', () => {
  it('keeps the run sound, changes nothing where it is refused, and gives the same when replayed', () => {
    fc.assert(
      fc.property(anyPlaybook(), moves, (playbook, moves) => {
        const first = startRun(playbook, at(0), 'kim')
        let { run } = first
        const taken: RunAction[] = []
        const told: RunEvent[] = [...first.events]
        let minute = 0
        checkInvariants(run)
        for (const move of moves) {
          minute += move.after
          const action = RunAction.parse(actionOf(run, move, minute))
          const before = JSON.stringify(run)
          const applied = applyAction(run, action)
          expect(JSON.stringify(run)).toBe(before)
          if (!applied.ok) continue
          if (action.kind === 'done' || action.kind === 'answer' || action.kind === 'start') {
            // What it needs was done, skipped, or off the branch.
            const index = run.steps.findIndex(({ id }) => id === action.step)
            expect(outstanding(run, index, possibleSteps(run))).toEqual([])
          }
          taken.push(action)
          told.push(...applied.value.events)
          run = applied.value.run
          checkInvariants(run)
        }
        let again = startRun(playbook, at(0), 'kim').run
        for (const action of taken) {
          const applied = applyAction(again, action)
          if (applied.ok) again = applied.value.run
        }
        expect(again).toEqual(run)
        expect(PlaybookRun.parse(JSON.parse(JSON.stringify(run)))).toEqual(run)
        for (const event of told) {
          const text = runEventText(RunEvent.parse(event), playbook)
          expect(text.en).not.toBe('')
          expect(text.ko).not.toBe(text.en)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('taking back the last thing done gives what was ready before', () => {
    fc.assert(
      fc.property(anyPlaybook(), moves, (playbook, moves) => {
        let { run } = startRun(playbook, at(0), 'kim')
        for (const [index, move] of moves.entries()) {
          const action = actionOf(run, move, index)
          if (action.kind === 'tick' || action.kind === 'reopen') continue
          const applied = applyAction(run, action)
          if (!applied.ok) continue
          const settled = action.kind === 'done' || action.kind === 'answer' || action.kind === 'skip'
          if (settled && !applied.value.events.some(({ kind }) => kind === 'round')) {
            const back = applyAction(applied.value.run, {
              kind: 'reopen',
              step: action.step,
              at: at(index),
              by: 'kim',
              reason: null,
            })
            if (!back.ok) throw new Error(`${action.step} cannot be taken back: ${back.error.message}`)
            const states = (of: PlaybookRun): unknown =>
              viewRun(of, at(index)).steps.map(({ id, state, blockedBy }) => [
                id,
                state === 'started' ? 'ready' : state,
                blockedBy,
              ])
            expect(states(back.value.run)).toEqual(states(run))
            // A phase that is reached again is reached now.
            const reached = (of: PlaybookRun): boolean[] => Object.values(of.phases).map((phase) => phase !== null)
            expect(reached(back.value.run)).toEqual(reached(run))
          }
          run = applied.value.run
        }
      }),
      { numRuns: 200 },
    )
  })
})
