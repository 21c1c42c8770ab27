/** The next state of a run while one action makes it: steps are copied when they change, and what follows is worked out once at the end. */
import type { Playbook, PlaybookPhase, PlaybookStep } from '../../../../shared/model/playbook.ts'
import { PLAYBOOK_PHASES } from '../../../../shared/model/playbook.ts'
import type { PlaybookRun, RunEvent, RunStep, StepEnd } from '../../../../shared/model/playbook-run.ts'
import { isBack } from './graph.ts'
import { lateBy, millis } from './due.ts'
import { isSettled, outstanding, possibleSteps, shapeOf, type RunShape } from './outlook.ts'

/** By whom what happens by itself is done. */
export const WATCHFLOOR = 'watchfloor'

export class Draft {
  readonly #at: string
  readonly #by: string
  readonly #shape: RunShape
  readonly #steps: RunStep[]
  readonly #events: RunEvent[] = []
  #run: PlaybookRun

  constructor(run: PlaybookRun, at: string, by: string) {
    this.#at = at
    this.#by = by
    this.#shape = shapeOf(run)
    this.#steps = [...run.steps]
    this.#run = { ...run, at, steps: this.#steps }
  }

  static begin(playbook: Playbook, at: string, by: string): Draft {
    const steps = playbook.steps.map(({ id }): RunStep => ({
      id,
      status: 'open',
      assignee: null,
      reached: null,
      from: [],
      ready: null,
      started: null,
      end: null,
      byHand: false,
      round: 1,
    }))
    const phases = { contained: null, eradicated: null, recovered: null }
    return new Draft({ playbook, started: { at, by }, at, steps, phases, ended: null }, at, by)
  }

  get run(): PlaybookRun {
    return this.#run
  }
  get changed(): boolean {
    return this.#events.length > 0
  }
  indexOf(id: string): number {
    return this.#shape.index.get(id) ?? -1
  }
  find(id: string): { readonly step: PlaybookStep; readonly state: RunStep } | undefined {
    const at = this.indexOf(id)
    const [step, state] = [this.#run.playbook.steps[at], this.#steps[at]]
    return step === undefined || state === undefined ? undefined : { step, state }
  }
  outstanding(id: string): string[] {
    return outstanding(this.#run, this.indexOf(id), possibleSteps(this.#run, this.#shape), this.#shape)
  }
  /** Of a step that has just been done. */
  lateness(id: string): number | null {
    return lateBy(this.#run, this.indexOf(id), millis(this.#at))
  }

  change(id: string, of: Partial<RunStep>): void {
    const at = this.indexOf(id)
    const state = this.#steps[at]
    if (state !== undefined) this.#steps[at] = { ...state, ...of }
  }
  settle(id: string, status: 'done' | 'skipped', end: StepEnd): void {
    this.change(id, { status, end })
  }
  say(kind: RunEvent['kind'], step: string | null, of: Partial<RunEvent> = {}): void {
    this.#events.push({
      at: this.#at, by: this.#by, kind, step, who: null, outcome: null, choice: null, note: null, phase: null, late: null, ...of,
    }) // prettier-ignore
  }

  /** Something leads to a step (null: the beginning does). */
  reach(id: string, from: string | null): void {
    const state = this.find(id)?.state
    if (state === undefined) return
    const sources = from === null || state.from.includes(from) ? state.from : [...state.from, from]
    this.change(id, { reached: state.reached ?? this.#at, from: sources })
  }

  /** Goes where a settled step leads; back to an earlier step of its loop begins that loop's next round. */
  follow(id: string, next: readonly string[]): void {
    const from = this.indexOf(id)
    for (const to of next) {
      if (this.find(to) === undefined) continue
      if (isBack(this.#shape.loops, from, this.indexOf(to))) this.#again(from, to)
      else this.reach(to, id)
    }
  }

  #again(from: number, to: string): void {
    const loop = this.#shape.loops[from]
    const first = this.indexOf(to)
    const members = new Set(this.#steps.filter((_, at) => at >= first && this.#shape.loops[at] === loop).map(({ id }) => id))
    this.#steps.forEach((state, at) => {
      if (!members.has(state.id) || !isSettled(state)) return
      this.#steps[at] = {
        ...state,
        status: 'open',
        reached: null,
        from: [],
        ready: null,
        started: null,
        end: null,
        byHand: false,
        round: state.round + 1,
      }
    })
    this.reach(to, null)
    this.say('round', to)
  }

  /** Takes back that a step led anywhere. */
  unfollow(id: string): void {
    this.#steps.forEach((state, at) => {
      if (!state.from.includes(id)) return
      const from = state.from.filter((other) => other !== id)
      const still = from.length > 0 || this.#run.playbook.start.includes(state.id)
      this.#steps[at] = { ...state, from, reached: still ? state.reached : null, ready: still ? state.ready : null }
    })
  }

  /** Steps that were begun or settled though nothing leads to them, or what they need is outstanding. */
  astray(): string[] {
    const possible = possibleSteps(this.#run, this.#shape)
    return this.#steps
      .filter(
        (state, at) =>
          state.status !== 'open' &&
          (state.reached === null ||
            (state.status !== 'skipped' && outstanding(this.#run, at, possible, this.#shape).length > 0)),
      )
      .map(({ id }) => id)
  }

  /** Steps become ready where nothing they need is outstanding any more. */
  ready(): void {
    const possible = possibleSteps(this.#run, this.#shape)
    this.#steps.forEach((state, at) => {
      if (isSettled(state)) return
      const can = state.reached !== null && outstanding(this.#run, at, possible, this.#shape).length === 0
      if (can === (state.ready !== null)) return
      this.#steps[at] = { ...state, ready: can ? this.#at : null }
      if (can) this.say('ready', state.id)
    })
  }

  /** The run as it is now, and what was said. */
  close(): { readonly run: PlaybookRun; readonly events: readonly RunEvent[] } {
    this.ready()
    const possible = possibleSteps(this.#run, this.#shape)
    const phases = { ...this.#run.phases }
    for (const phase of PLAYBOOK_PHASES) {
      const reached = this.#phase(phase, possible)
      if (reached === (phases[phase] !== null)) continue
      phases[phase] = reached ? this.#at : null
      this.say(reached ? 'phase' : 'phase_left', null, { phase })
    }
    const over = ![...possible].some((at) => this.#run.playbook.steps[at]?.optional === false)
    const ended = over ? (this.#run.ended ?? this.#at) : null
    if ((ended === null) !== (this.#run.ended === null)) this.say(over ? 'run_ended' : 'run_resumed', null)
    this.#run = { ...this.#run, phases, ended, steps: this.#steps }
    return { run: this.#run, events: this.#events }
  }

  /** All steps of it that can come are settled, one at least was done, and none failed for which the playbook has no other way. */
  #phase(phase: PlaybookPhase, possible: ReadonlySet<number>): boolean {
    let done = false
    for (const [at, step] of this.#run.playbook.steps.entries()) {
      if (step.phase !== phase) continue
      if (possible.has(at) && !step.optional) return false
      const state = this.#steps[at]
      if (state?.status !== 'done') continue
      if (state.end?.outcome !== 'failure') done = true
      else if (step.onFailure.every((id) => step.onSuccess.includes(id))) return false
    }
    return done
  }
}
