import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { TuningDraft } from '../../../../shared/model/triage.ts'
import { batchOf, type GivenEvent } from '../../../../test/fixtures/store/batches.ts'
import { opened, removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'
import { DeskLedger, entriesOf } from '../desk-ledger.ts'
import { checkDecision } from '../../triage/check-decision.ts'
import { tuningTest } from './tuning-test.ts'

// Readers know no other clock than the machine's.
const NOW = Date.now()
const at = (minutes: number): number => (NOW + minutes * 60_000) * 1000

let dir: string
let store: Opened
let clock = NOW
beforeEach(() => {
  dir = temporaryDir()
  clock = NOW
  store = opened(dir, { now: () => clock, bulkRows: 2048 })
})
afterEach(() => {
  store.close()
  removeDir(dir)
})
const hit = (minutes: number, key = 'a'): GivenEvent => ({ time: at(minutes), hit: key, fields: { 'src.ip': '10.0.0.1' } })
const commit = (...events: GivenEvent[]): void => expect(store.writer.commit(batchOf(events)).ok).toBe(true) as unknown as void
const match = { source: null, destination: null, asset: null, user: null, fields: {} }
const ledger = (): string[] => [...entriesOf(store.writer.desk, 'desk')].map(({ action, subject }) => `${action} ${subject}`)
const decide = (ids: string[], more: object) =>
  store.writer.act('decide', { ids, verdict: 'false_positive', why: 'benign_content', ...more }, 'mina')

describe('decisions', () => {
  it('are in the ledger with reason and test, and so is that one was taken back', async () => {
    commit(hit(0))
    const [alert] = await store.alerts()
    const done = decide([alert!.id], { reason: 'a backup', restsOn: { verification: 2, test: 'not-found-or-refused' } })
    expect(done.ok && done.value.alerts[0]).toMatchObject({ state: 'decided', why: 'benign_content', reason: 'a backup' })
    expect([...entriesOf(store.writer.desk, 'desk')][0]?.body).toMatchObject({
      verdict: 'false_positive',
      why: 'benign_content',
      rests_on: { verification: 2, test: 'not-found-or-refused' },
    })
    const detail = await store.ask('alerts.get', { id: alert!.id })
    expect(detail.ok && detail.value.history.at(-1)).toMatchObject({ why: 'benign_content', restsOn: { verification: 2 } })
    expect(store.writer.undo('mina').ok).toBe(true)
    expect(ledger()).toEqual([`alert.decided ${alert!.id}`, `alert.undone ${alert!.id}`])
    expect(new DeskLedger(store.writer.desk).fault('desk')).toBeNull()
    expect((await store.alerts())[0]).toMatchObject({ state: 'open', verdict: null, why: null })
  })

  it('of true positives with impact become an incident or join one, or are refused', async () => {
    commit(hit(0), hit(0, 'b'), hit(0, 'c'))
    const ids = (await store.alerts()).map(({ id }) => id)
    const [first, second, third] = ids as [string, string, string]
    const refused = decide([first], { verdict: 'tp_impact', why: 'shown_by_answer' })
    expect(!refused.ok && refused.error.code).toBe('conflict')
    expect((await store.alerts()).length).toBe(3)
    const made = decide([first], { verdict: 'tp_impact', why: 'shown_by_answer', join: { title: 'Web shell' } })
    const number = made.ok ? made.value.alerts[0]!.incident : null
    expect(number).toMatch(/^INC-\d{4}-\d{4}$/)
    const joined = decide([second], { verdict: 'tp_impact', why: 'shown_by_host', join: number })
    expect(joined.ok && joined.value.alerts[0]!.incident).toBe(number)
    expect(ledger()).toContain(`alert.decided ${second}`)
    // An incident that is not there: nothing is decided.
    const wrong = decide([third], { verdict: 'tp_impact', why: 'shown_by_host', join: 'INC-2025-9999' })
    expect(!wrong.ok && wrong.error.code).toBe('not_found')
    expect((await store.alerts({ states: ['open'] })).map(({ id }) => id)).toEqual([third])
    // One that is in an incident already needs none named.
    store.writer.act('reopen', { ids: [second] }, 'mina')
    expect(decide([second], { verdict: 'tp_impact', why: 'shown_by_host' }).ok).toBe(true)
  })

  it('that are taken back take their alert out of the incident', async () => {
    commit(hit(0), hit(0, 'b'))
    const [first, second] = (await store.alerts()).map(({ id }) => id) as [string, string]
    const made = decide([first], { verdict: 'tp_impact', why: 'shown_by_answer', join: { title: 'One' } })
    const number = made.ok ? made.value.alerts[0]!.incident! : ''
    expect(decide([second], { verdict: 'tp_impact', why: 'shown_by_answer', join: number }).ok).toBe(true)
    const undone = store.writer.undo('mina')
    expect(undone.ok && undone.value.alerts[0]).toMatchObject({ id: second, state: 'open', incident: null })
    const of = await store.ask('incidents.alerts', { number })
    expect(of.ok && of.value.alerts.map(({ id }) => id)).toEqual([first])
  })
})

describe('reasons of the desk', () => {
  it('are added in both languages, decide, are retired, and stay with what rests on them', async () => {
    const words = { en: 'Night backup <b>', ko: '야간 백업' }
    const added = store.writer.addReason({ verdict: 'benign_tp', words }, 'mina')
    const code = added.ok ? added.value.code : ''
    expect(store.writer.addReason({ verdict: 'benign_tp', words: { ...words, ko: '다른 말' } }, 'mina')).toMatchObject({
      error: { code: 'conflict' },
    })
    expect(store.writer.addReason({ verdict: 'false_positive', words }, 'mina').ok).toBe(true)
    const own = async () => {
      const found = await store.ask('triage.reasons', {})
      return found.ok ? found.value.reasons : []
    }
    expect((await own()).find((one) => one.code === code)).toMatchObject({
      code,
      verdict: 'benign_tp',
      words,
      retired: false,
      createdBy: 'mina',
    })
    const said = { verdict: 'benign_tp', why: code, reason: '' } as const
    expect(checkDecision(said).ok).toBe(false)
    expect(checkDecision(said, await own()).ok).toBe(true)
    expect(checkDecision({ ...said, verdict: 'undetermined' }, await own()).ok).toBe(false)
    expect(store.writer.retireReason({ code, retired: true }, 'mina').ok).toBe(true)
    expect(checkDecision(said, await own()).ok).toBe(false)
    expect((await own()).length).toBe(2)
    expect(store.writer.retireReason({ code: 'own_scanner', retired: true }, 'mina')).toMatchObject({
      error: { code: 'not_found' },
    })
    expect(ledger()).toContain(`reason.retired ${code}`)
    expect(new DeskLedger(store.writer.desk).fault('desk')).toBeNull()
  })
})

describe('an incident whose opening decision is taken back', () => {
  const openedBy = (alert: string, who = 'mina'): string => {
    const join = { title: 'One' }
    const done = store.writer.act('decide', { ids: [alert], verdict: 'tp_impact', why: 'shown_by_answer', join }, who)
    return done.ok ? done.value.alerts[0]!.incident! : ''
  }
  const emptied = (): unknown => {
    const undone = store.writer.undo('mina')
    return undone.ok ? undone.value.emptied : undone.error
  }
  const head = async (number: string) => {
    const found = await store.ask('incidents.get', { number })
    return found.ok ? found.value : null
  }

  it('is closed where nobody has worked on it, says so, and can be reopened', async () => {
    commit(hit(0), hit(0, 'b'))
    const [first, second] = (await store.alerts()).map(({ id }) => id) as [string, string]
    const number = openedBy(first)
    decide([second], { verdict: 'tp_impact', why: 'shown_by_answer', join: number })
    // Its other alert stays: so does it.
    expect(emptied()).toEqual([])
    expect(await head(number)).toMatchObject({ status: 'open', counts: { alerts: 1 } })
    expect(emptied()).toEqual([{ number, closed: true }])
    expect(await head(number)).toMatchObject({ status: 'closed', counts: { alerts: 0 } })
    const entries = await store.ask('incidents.timeline', { number, from: null, to: null, slots: 1, limit: 10, after: null })
    expect(entries.ok && entries.value.entries.map(({ title }) => title)).toContain('withdrawn')
    expect(ledger()).toContain(`incident.withdrawn ${number}`)
    expect(new DeskLedger(store.writer.desk).fault(number)).toBeNull()
    expect(store.writer.incidents.reopen({ number, reason: 'it was one' }, { by: 'mina', now: at(5) }).ok).toBe(true)
    expect(await head(number)).toMatchObject({ status: 'open' })
  })

  it('stays open where somebody has worked on it, or it was there before', async () => {
    commit(hit(0), hit(0, 'b'))
    const [first, second] = (await store.alerts()).map(({ id }) => id) as [string, string]
    const number = openedBy(first)
    const note = { kind: 'note', id: null, base: null, part: { text: 'asked the owner', internal: false } } as const
    expect(store.writer.incidents.save({ number, draft: note }, { by: 'lee', now: at(1) }).ok).toBe(true)
    expect(emptied()).toEqual([{ number, closed: false }])
    expect(await head(number)).toMatchObject({ status: 'open', counts: { alerts: 0, notes: 1 } })
    clock += 1000
    const made = store.writer.incidents.create({ title: 'By hand', alerts: [], edit: {} }, { by: 'mina', now: at(2) })
    const other = made.ok ? made.value.number : ''
    decide([second], { verdict: 'tp_impact', why: 'shown_by_answer', join: other })
    expect(emptied()).toEqual([{ number: other, closed: false }])
    expect(await head(other)).toMatchObject({ status: 'open' })
  })
})

describe('tuning', () => {
  const draft = (more: Partial<TuningDraft> = {}): TuningDraft => ({
    kind: 'suppression',
    detection: 'a',
    match: { ...match, source: '10.0.0.0/24' },
    threshold: null,
    expires: isoFromMicros(at(600)),
    owner: 'mina',
    reason: 'our scanner',
    ...more,
  })
  const tune = (more: Partial<TuningDraft> = {}) =>
    store.writer.tune({ id: 't1', draft: draft(more), title: 'A', insisted: null, file: null, preview: { alerts: 0 } }, 'mina')
  const listed = async () => {
    const found = await store.ask('tuning.list', { ended: true })
    return found.ok ? found.value.tunings : []
  }

  it('ends when it is said anew, as long as it is not over; the ledger tells it', async () => {
    expect(tune().ok).toBe(true)
    const later = isoFromMicros(at(6000))
    const changed = store.writer.changeTuning('t1', later, 'goes on', 'mina')
    expect(changed.ok && changed.value).toMatchObject({ expires: later, state: 'active' })
    expect((await listed())[0]).toMatchObject({ expires: later })
    clock = NOW + 1000 * 60_000
    commit({ ...hit(1000), time: at(1000) })
    store.writer.hits.apply()
    expect(await store.alerts()).toEqual([])
    clock = NOW + 7000 * 60_000
    expect(store.writer.changeTuning('t1', isoFromMicros(at(9000)), '', 'mina')).toMatchObject({ error: { code: 'conflict' } })
    expect(store.writer.changeTuning('none', later, '', 'mina')).toMatchObject({ error: { code: 'not_found' } })
    expect(ledger()).toEqual(['suppression.added t1', 'suppression.changed t1'])
  })

  it('of a source raises nothing while it lasts, counts what it held back, and ends', async () => {
    expect(tune().ok).toBe(true)
    commit(hit(0), hit(1), hit(2, 'b'))
    store.writer.hits.apply()
    expect((await store.alerts()).map(({ detection }) => detection)).toEqual(['b'])
    expect(await listed()).toMatchObject([{ state: 'active', removed: 2 }])
    expect(store.writer.endTuning('t1', 'the scanner is gone', 'jo').ok).toBe(true)
    commit(hit(3))
    store.writer.hits.apply()
    expect((await store.alerts()).map(({ detection }) => detection).sort()).toEqual(['a', 'b'])
    expect(store.writer.endTuning('t1', '', 'jo').ok).toBe(false)
    expect(ledger()).toEqual(['suppression.added t1', 'suppression.ended t1'])
  })

  it('is over when its time is, and holds nothing of others back', async () => {
    tune({ expires: isoFromMicros(at(30)), match: { ...match, source: '10.0.1.0/24' } })
    commit(hit(0))
    store.writer.hits.apply()
    expect(await store.alerts()).toHaveLength(1)
    store.writer.tune(
      {
        id: 't2',
        draft: draft({ detection: 'c', expires: isoFromMicros(at(30)) }),
        title: 'C',
        insisted: null,
        file: null,
        preview: {},
      },
      'mina',
    )
    clock = NOW + 31 * 60_000
    commit(hit(31, 'c'))
    store.writer.hits.apply()
    expect((await store.alerts()).map(({ detection }) => detection).sort()).toEqual(['a', 'c'])
    expect((await listed()).map(({ removed }) => removed)).toEqual([0, 0])
  })

  it('by threshold raises from so many events on', async () => {
    tune({ kind: 'threshold', match, threshold: { count: 3, seconds: 600 } })
    for (const minute of [0, 1]) {
      commit(hit(minute))
      store.writer.hits.apply()
      expect(await store.alerts()).toHaveLength(0)
    }
    commit(hit(2))
    store.writer.hits.apply()
    expect(await store.alerts()).toHaveLength(1)
  })

  it('by threshold keeps no counts whose window or tuning is over, but those of a history that is being read', async () => {
    tune({ kind: 'threshold', match, threshold: { count: 3, seconds: 600 }, expires: isoFromMicros(at(1000)) })
    const count = (minutes: number, keys: number, prefix: string): void => {
      const { desk, tuning } = store.writer
      const of = { detection: 'a', source: null, destination: null, asset: '', user: null, fields: {} } as never
      desk.transaction(() => {
        for (let n = 0; n < keys; n++)
          tuning.holdsBack({ key: `${prefix}${n}`, count: 1, first: at(minutes), last: at(minutes) }, of, clock * 1000)
      })()
    }
    const left = (): unknown => store.writer.desk.prepare('SELECT count(*) FROM tuning_count').pluck().get()
    const sweep = (minutes: number): void => {
      clock = NOW + minutes * 60_000
      while (store.writer.tuning.tidy(clock * 1000)) continue
    }
    sweep(0)
    count(0, 1200, 'old')
    clock = NOW + 65 * 60_000
    count(65, 10, 'new')
    sweep(66)
    expect(left()).toBe(10)
    // Read from a file: long ago by the clock, and yet they count.
    count(-5000, 5, 'history')
    sweep(126)
    expect(left()).toBe(15)
    sweep(190)
    expect(left()).toBe(0)
    count(190, 7, 'last')
    sweep(1001)
    expect(left()).toBe(0)
  })

  it('counts before what it would have removed, and names what was confirmed', async () => {
    commit(hit(0), hit(200), hit(0, 'b'))
    store.writer.hits.apply()
    const [one] = (await store.alerts()).filter(({ detection }) => detection === 'a')
    decide([one!.id], { verdict: 'tp_no_impact', why: 'attempt_failed' })
    const asked = async (source: string) => {
      const { expires: _, owner: __, reason: ___, ...rest } = draft({ match: { ...match, source } })
      const found = await store.ask('tuning.preview', { draft: rest, excepted: null })
      return found.ok ? found.value : null
    }
    expect(await asked('10.0.0.1')).toMatchObject({
      alerts: 2,
      of: 2,
      confirmedTotal: 1,
      confirmed: [{ id: one!.id }],
      verdicts: { open: 1, tp_no_impact: 1 },
      complete: true,
    })
    expect(await asked('10.9.9.9')).toMatchObject({ alerts: 0, of: 2, confirmedTotal: 0 })
  })

  it('finds alerts alike, those that differ least first', async () => {
    commit(hit(0), hit(200), hit(400))
    store.writer.hits.apply()
    const [one] = await store.alerts()
    const found = await store.ask('triage.similar', { alert: one!.id, limit: 10 })
    expect(found.ok && found.value.alerts.map(({ differs }) => differs)).toEqual([[], []])
  })
})

it('a tuning fits only where everything it names does', () => {
  const end = fc.record({
    ip: fc.option(fc.ipV4(), { nil: null }),
    name: fc.option(fc.constantFrom('web-01', 'db-01'), { nil: null }),
  })
  fc.assert(
    fc.property(
      end,
      end,
      fc.constantFrom('web-01', 'db-01'),
      fc.constantFrom(null, 'web-01', '10.0.0.0/8', '192.0.2.1'),
      (source, destination, asset, wanted) => {
        const of = { source, destination, asset, user: null }
        const both = tuningTest({ ...match, source: wanted, asset: 'web-01' })(of)
        expect(both).toBe(tuningTest({ ...match, source: wanted })(of) && asset === 'web-01')
        expect(tuningTest({ ...match, user: 'x' })(of)).toBe(false)
      },
    ),
  )
})
