import { describe, expect, it } from 'vitest'
import type { RunAction, RunRefusal } from '../../../../shared/model/playbook-run.ts'
import type { Facts } from '../../../../shared/model/playbook-facts.ts'
import { madePlaybook, madeStep } from './made-playbook.ts'
import { viewRun } from './run-view.ts'
import { applyAction, startRun, type RunChange } from './run.ts'

const START = Date.UTC(2026, 10, 19, 18, 0)
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString()

/** A run that is acted on minute by minute. */
class Acted {
  change: RunChange
  minute = 0

  constructor(steps: Parameters<typeof madePlaybook>[0], start?: string[]) {
    this.change = startRun(madePlaybook(steps, start), at(0), 'kim')
  }
  get states(): Record<string, string> {
    return Object.fromEntries(viewRun(this.change.run, at(this.minute)).steps.map(({ id, state }) => [id, state]))
  }
  view(minute = this.minute) {
    return viewRun(this.change.run, at(minute))
  }
  try(action: RunAction): RunRefusal | null {
    const applied = applyAction(this.change.run, action)
    if (!applied.ok) return applied.error
    this.change = applied.value
    return null
  }
  private of(step: string) {
    return { step, at: at(this.minute), by: 'kim' }
  }
  done(step: string, outcome: 'success' | 'failure' = 'success', note: string | null = null) {
    return this.try({ kind: 'done', ...this.of(step), outcome, note, evidence: [] })
  }
  skip(step: string, reason: string) {
    return this.try({ kind: 'skip', ...this.of(step), reason })
  }
  answer(step: string, choice: string) {
    return this.try({ kind: 'answer', ...this.of(step), choice, note: null })
  }
  reopen(step: string) {
    return this.try({ kind: 'reopen', ...this.of(step), reason: null })
  }
  begin(step: string) {
    return this.try({ kind: 'start', ...this.of(step) })
  }
  tick(minute: number, facts: Facts = {}) {
    this.minute = minute
    return this.try({ kind: 'tick', at: at(minute), facts })
  }
  get said(): string[] {
    return this.change.events.map(({ kind, step, phase }) => `${kind} ${step ?? phase ?? ''}`.trim())
  }
}

describe('a run of a playbook', () => {
  it('goes from check over a choice to its end; what is off the chosen branch does not count', () => {
    const run = new Acted([
      madeStep('look', 'check', { onSuccess: ['choose'], onFailure: ['note'] }),
      madeStep('choose', 'decide', {
        choices: [
          { id: 'cut', title: { en: 'Cut', ko: '차단' }, next: ['isolate'] },
          { id: 'leave', title: { en: 'Leave', ko: '유지' }, next: ['watch'] },
        ],
      }),
      madeStep('isolate', 'contain', { phase: 'contained', next: ['note'] }),
      madeStep('watch', 'contain', { phase: 'contained', next: ['note'] }),
      madeStep('note', 'notify'),
    ])
    expect(run.states).toEqual({ look: 'ready', choose: 'later', isolate: 'later', watch: 'later', note: 'later' })
    expect(run.done('isolate')).toMatchObject({ code: 'not_reached' })
    expect(run.done('look')).toBeNull()
    expect(run.said).toEqual(['done look', 'ready choose'])
    expect(run.done('choose')).toMatchObject({ code: 'choice_needed' })
    expect(run.answer('choose', 'nothing')).toMatchObject({ code: 'not_a_choice' })
    expect(run.skip('choose', 'no time')).toMatchObject({ code: 'answer_needed' })
    expect(run.answer('choose', 'cut')).toBeNull()
    expect(run.states).toEqual({ look: 'done', choose: 'done', isolate: 'ready', watch: 'off', note: 'later' })
    expect(run.view().progress).toEqual({ done: 2, skipped: 0, open: 2, total: 4, late: 0 })
    expect(run.begin('isolate')).toBeNull()
    expect(run.change.run.steps[2]).toMatchObject({ status: 'started', assignee: 'kim' })
    expect(run.begin('isolate')).toMatchObject({ code: 'already_started' })
    expect(run.done('isolate')).toBeNull()
    expect(run.said).toEqual(['done isolate', 'ready note', 'phase contained'])
    expect(run.change.run.phases.contained).toBe(at(0))
    expect(run.skip('note', '   ')).toMatchObject({ code: 'reason_missing' })
    expect(run.skip('note', 'the customer sat beside me')).toBeNull()
    expect(run.said).toEqual(['skipped note', 'run_ended'])
    expect(run.done('note')).toMatchObject({ code: 'already_settled' })
    expect(run.view().progress).toEqual({ done: 3, skipped: 1, open: 0, total: 4, late: 0 })
    expect(run.done('nobody')).toMatchObject({ code: 'unknown_step' })
  })

  it('a step waits for what it needs, and for nothing that cannot come any more', () => {
    const run = new Acted(
      [
        madeStep('a', 'check', { onSuccess: ['join', 'side'], onFailure: ['join'] }),
        madeStep('b', 'contain', { next: ['join'] }),
        madeStep('side', 'contain'),
        madeStep('join', 'eradicate', { needs: ['a', 'b', 'side'] }),
      ],
      ['a', 'b'],
    )
    run.done('a', 'failure')
    expect(run.view().steps[3]).toMatchObject({ state: 'blocked', blockedBy: ['b'] })
    expect(run.done('join')).toMatchObject({ code: 'needs_outstanding', steps: ['b'] })
    expect(run.begin('join')).toMatchObject({ code: 'needs_outstanding' })
    expect(run.skip('b', 'done by the customer before')).toBeNull()
    expect(run.states).toEqual({ a: 'done', b: 'skipped', side: 'off', join: 'ready' })
  })

  it('what was done is taken back from its end only', () => {
    const run = new Acted([
      madeStep('a', 'contain', { phase: 'contained', next: ['b'] }),
      madeStep('b', 'contain', { next: ['c'] }),
      madeStep('c', 'contain'),
    ])
    run.done('a')
    run.done('b')
    expect(run.reopen('a')).toMatchObject({ code: 'later_steps', steps: ['b'] })
    expect(run.reopen('c')).toMatchObject({ code: 'not_settled' })
    expect(run.reopen('b')).toBeNull()
    expect(run.states).toEqual({ a: 'done', b: 'ready', c: 'later' })
    expect(run.reopen('a')).toBeNull()
    expect(run.said).toEqual(['reopened a', 'phase_left contained'])
    expect(run.change.run.phases.contained).toBeNull()
  })

  it('waits end by themselves, not before their time', () => {
    const run = new Acted([
      madeStep('hours', 'wait', { wait: { kind: 'for', time: 3_600_000 }, next: ['clock'] }),
      madeStep('clock', 'wait', { wait: { kind: 'until', clock: '08:00+09:00' }, next: ['quiet'] }),
      madeStep('quiet', 'wait', {
        wait: { kind: 'when', condition: 'alerts.open = 0', atMost: 7_200_000 },
        onSuccess: ['good'],
        onFailure: ['bad'],
      }),
      madeStep('good', 'notify'),
      madeStep('bad', 'notify'),
    ])
    expect(run.view().steps[0]).toMatchObject({ state: 'waiting', waitsUntil: at(60) })
    expect(run.done('hours')).toMatchObject({ code: 'wait_not_over' })
    expect(run.begin('hours')).toMatchObject({ code: 'cannot_start' })
    const before = run.change.run
    run.tick(59)
    expect(run.change.run).toBe(before)
    run.tick(61)
    expect(run.said).toEqual(['done hours', 'ready clock'])
    // 08:00 in Seoul is 23:00 UTC; the run began at 18:00.
    expect(run.view().steps[1]).toMatchObject({ waitsUntil: at(300) })
    run.tick(300)
    expect(run.states).toMatchObject({ clock: 'done', quiet: 'waiting' })
    run.tick(360, { 'alerts.open': 3 })
    expect(run.states).toMatchObject({ quiet: 'waiting' })
    const busy = run.change
    run.tick(361, { 'alerts.open': 0 })
    expect(run.states).toMatchObject({ quiet: 'done', good: 'ready', bad: 'off' })
    expect(run.change.run.steps[2]?.end).toMatchObject({ by: 'watchfloor', answered: { facts: { 'alerts.open': 0 } } })
    run.change = busy
    run.tick(420, {})
    expect(run.states).toMatchObject({ quiet: 'done', good: 'off', bad: 'ready' })
  })

  it('facts answer a check once, a person who takes it back is not overruled', () => {
    const run = new Acted([
      madeStep('worked', 'check', { yes: 'impact >= likely', no: 'impact <= failed', onSuccess: ['act'], onFailure: ['note'] }),
      madeStep('act', 'contain'),
      madeStep('note', 'notify'),
    ])
    run.tick(1, { impact: 'attempted' })
    run.tick(2, {})
    expect(run.states).toMatchObject({ worked: 'ready' })
    run.tick(3, { impact: 'succeeded', severity: 'high' })
    expect(run.change.run.steps[0]?.end).toMatchObject({
      by: 'watchfloor',
      outcome: 'success',
      answered: { condition: 'impact >= likely', facts: { impact: 'succeeded' } },
    })
    run.reopen('worked')
    run.tick(4, { impact: 'succeeded' })
    expect(run.states).toMatchObject({ worked: 'ready', act: 'later' })
  })

  it('a loop begins again, once for each time round', () => {
    const run = new Acted([
      madeStep('hunt', 'check', { next: ['rest', 'tell'] }),
      madeStep('rest', 'wait', { next: ['clean'] }),
      madeStep('tell', 'notify'),
      madeStep('clean', 'check', { yes: 'alerts.open = 0', no: 'alerts.open > 0', onSuccess: ['end'], onFailure: ['hunt'] }),
      madeStep('end', 'notify'),
    ])
    run.done('hunt')
    run.done('tell')
    run.tick(60, { 'alerts.open': 2 })
    expect(run.said).toEqual(['done rest', 'ready clean', 'done clean', 'round hunt', 'ready hunt'])
    expect(run.states).toEqual({ hunt: 'ready', rest: 'later', tell: 'done', clean: 'later', end: 'later' })
    expect(run.change.run.steps.map(({ round }) => round)).toEqual([2, 2, 1, 2, 1])
    run.done('hunt')
    run.tick(119, { 'alerts.open': 0 })
    expect(run.states).toMatchObject({ rest: 'waiting' })
    run.tick(180, { 'alerts.open': 0 })
    expect(run.states).toEqual({ hunt: 'done', rest: 'done', tell: 'done', clean: 'done', end: 'ready' })
  })

  it('due times count from the start or from another step; late is said while it is, and when it was done', () => {
    const run = new Acted([
      madeStep('a', 'contain', { due: { within: 600_000, after: null }, next: ['b', 'c'] }),
      madeStep('b', 'contain', { due: { within: 1_800_000, after: 'a' } }),
      madeStep('c', 'contain', { due: { within: 60_000, after: null }, optional: true }),
    ])
    expect(run.view(10).steps[0]).toMatchObject({ due: at(10), late: null })
    expect(run.view(14).steps[0]).toMatchObject({ late: 240_000 })
    expect(run.view().steps[1]).toMatchObject({ due: null })
    run.minute = 15
    run.done('a')
    expect(run.change.events[0]).toMatchObject({ kind: 'done', late: 300_000 })
    expect(run.view(400).steps[0]).toMatchObject({ late: 300_000 })
    expect(run.view().steps[1]).toMatchObject({ due: at(45) })
    expect(run.view().progress).toMatchObject({ late: 1 })
    run.done('b')
    expect(run.change.run.ended).toBe(at(15))
    expect(run.states).toMatchObject({ c: 'ready' })
  })

  it('a phase is reached when all of it is done, not when it failed without another way', () => {
    const run = new Acted([
      madeStep('port', 'contain', { phase: 'contained', onSuccess: ['end'], onFailure: ['vlan'] }),
      madeStep('vlan', 'contain', { phase: 'contained', next: ['end'] }),
      madeStep('end', 'notify'),
    ])
    run.done('port', 'failure')
    expect(run.change.run.phases.contained).toBeNull()
    run.done('vlan', 'failure')
    expect(run.change.run.phases.contained).toBeNull()
    run.reopen('vlan')
    run.done('vlan')
    expect(run.change.run.phases.contained).toBe(at(0))
  })

  it('an action from a clock that is behind counts as at the last one', () => {
    const run = new Acted([madeStep('a', 'contain', { next: ['b'] }), madeStep('b', 'contain')])
    run.minute = 10
    run.done('a')
    run.minute = 5
    run.done('b')
    expect(run.change.run.steps[1]?.end?.at).toBe(at(10))
  })
})
