import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { as, ago, created, deskWith, entity, must, note, NOW, opening, task } from '../../../../test/fixtures/store/incidents.ts'
import { batchOf } from '../../../../test/fixtures/store/batches.ts'
import { removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'
import type { PartDraft } from '../../../../shared/incident-contract.ts'
import { ok } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { faultOf } from '../../ledger/chain.ts'
import type { Proposal } from '../../incidents/proposal/material.ts'
import { entriesOf } from '../desk-ledger.ts'
import { MOST_ITEMS, type NewItem } from './evidence-edits.ts'
import { PROPOSER } from './proposal-edits.ts'

let dir: string
let desk: Opened
beforeEach(() => {
  dir = temporaryDir()
  desk = deskWith(dir, [
    ['shell', 60],
    ['beacon', 30],
  ])
})
afterEach(() => {
  desk.close()
  removeDir(dir)
})
const incidents = (): Opened['writer']['incidents'] => desk.writer.incidents
const get = async (number: string) => must(await desk.ask('incidents.get', { number }))
const parts = async (number: string) => must(await desk.ask('incidents.parts', { number }))
const timeline = async (number: string) =>
  must(await desk.ask('incidents.timeline', { number, from: null, to: null, slots: 10, limit: 500, after: null }))
const book = (name: string) => [...entriesOf(desk.writer.desk, name)]

describe('an incident from alerts', () => {
  it('has their worst severity, their techniques, their times, and an entry for each', async () => {
    const incident = created(desk, '웹 셸', ['1', '2'])
    expect(incident).toMatchObject({
      number: 'INC-2026-0001',
      title: '웹 셸',
      severity: 'medium',
      attack: ['T1190'],
      status: 'open',
      owner: 'kim',
      counts: { alerts: 2, entries: 3, ledger: 2 },
      times: { occurred: isoFromMicros(ago(60)), detected: isoFromMicros(ago(0)), contained: null },
    })
    const { entries } = await timeline(incident.number)
    expect(entries.map(({ kind, title, alert }) => [kind, title, alert])).toEqual([
      ['alert', 'Detection shell', '1'],
      ['alert', 'Detection beacon', '2'],
      ['status', 'opened', null],
    ])
    expect(await get(incident.number)).toEqual(incident)
    expect(book(incident.number).map(({ action, by }) => [action, by])).toEqual([
      ['incident.opened', 'kim'],
      ['alerts.joined', 'kim'],
    ])
    expect(book('desk').map(({ action, subject }) => [action, subject])).toEqual([['incident.opened', incident.number]])
  })

  it('began when its first alert did, also where that one joins later, unless somebody has said when', async () => {
    const occurred = async (number: string) => (await get(number)).times.occurred
    const { number } = created(desk, 'one', ['2'])
    expect(await occurred(number)).toBe(isoFromMicros(ago(30)))
    must(incidents().addAlerts({ number, alerts: ['1'] }, as('kim')))
    expect(await occurred(number)).toBe(isoFromMicros(ago(60)))
    must(incidents().removeAlerts({ number, alerts: ['1'], reason: 'A test.' }, as('kim')))
    const said = isoFromMicros(ago(40))
    must(incidents().edit({ number, edit: { times: { occurred: said } }, from: {}, insist: true }, as('kim')))
    must(incidents().addAlerts({ number, alerts: ['1'] }, as('kim')))
    expect(await occurred(number)).toBe(said)
  })

  it('gives each number once, also after a failure and in another year', () => {
    expect(created(desk, 'one').number).toBe('INC-2026-0001')
    expect(incidents().create(opening('none', ['99']), as('kim'))).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(created(desk, 'two').number).toBe('INC-2026-0002')
    const next = { by: 'kim', now: Date.UTC(2027, 0, 1) * 1000 }
    expect(must(incidents().create(opening('new year'), next)).number).toBe('INC-2027-0001')
    expect(created(desk, 'three').number).toBe('INC-2026-0003')
  })

  it('passes over numbers that cases of other desks brought, of incidents or of books, however high', () => {
    expect(created(desk, 'one').number).toBe('INC-2026-0001')
    for (const [from, to] of [
      ['INC-2026-0001', 'INC-2026-999999'],
      ['INC-2026-0002', 'INC-2026-0002'],
    ] as const) {
      const { number } = from === to ? created(desk, 'two') : { number: from }
      desk.writer.desk.prepare('UPDATE incident SET number = ? WHERE number = ?').run(to, number)
    }
    desk.writer.desk.prepare('UPDATE incident_number SET last = 0').run()
    expect(created(desk, 'three').number).toBe('INC-2026-0003')
  })

  it('an alert is in one incident only, and leaves it with its entry', async () => {
    const first = created(desk, 'first', ['1'])
    expect(incidents().create(opening('second', ['1']), as('kim'))).toMatchObject({ ok: false, error: { code: 'conflict' } })
    const second = created(desk, 'second', ['2'])
    expect(second.number).toBe('INC-2026-0002')
    expect(incidents().addAlerts({ number: second.number, alerts: ['1'] }, as('lee'))).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
    const left = must(incidents().removeAlerts({ number: first.number, alerts: ['1'], reason: 'other story' }, as('lee')))
    expect(left.counts).toMatchObject({ alerts: 0, entries: 1 })
    expect(must(incidents().addAlerts({ number: second.number, alerts: ['1', '2'] }, as('lee'))).counts.alerts).toBe(2)
    expect(must(await desk.ask('incidents.alerts', { number: second.number })).alerts.map(({ id }) => id)).toEqual(['1', '2'])
  })

  it('its entries change when the alerts do, and watchers are told', async () => {
    const incident = created(desk, 'shell', ['1'])
    incidents().takeChanged()
    desk.writer.commit(batchOf([{ time: ago(5), hit: 'shell' }], { severity: 4 }))
    desk.writer.hits.apply()
    const entry = (await timeline(incident.number)).entries.find(({ alert }) => alert === '1')
    expect(entry).toMatchObject({ time: isoFromMicros(ago(60)), until: isoFromMicros(ago(5)), severity: 'critical' })
    expect((await get(incident.number)).revision).toBeGreaterThan(incident.revision)
  })

  it('an alert that is in an incident is not merged away by a hit that lies between', async () => {
    for (const minutes of [300, 200]) {
      desk.writer.commit(batchOf([{ time: ago(minutes), hit: 'x' }]))
      desk.writer.hits.apply()
    }
    const ids = async () => (await desk.alerts()).filter(({ detection }) => detection === 'x').map(({ id }) => id)
    const both = await ids()
    expect(both).toHaveLength(2)
    const { number } = created(desk, 'x', both)
    desk.writer.commit(batchOf([{ time: ago(250), hit: 'x' }]))
    desk.writer.hits.apply()
    expect(await ids()).toEqual(both)
    expect((await get(number)).counts.alerts).toBe(2)
  })

  it('the decision of triage and the joining are one: both or neither', () => {
    const db = desk.writer.desk
    const whole = db.transaction(() => {
      db.prepare("UPDATE alert SET reason = 'seen' WHERE id = 1").run()
      return incidents().joinAlerts({ title: 'From triage' }, ['1'], 'kim', NOW * 1000)
    })
    const number = must(whole())
    expect(number).toBe('INC-2026-0001')
    const broken = db.transaction(() => {
      must(incidents().joinAlerts(number, ['2'], 'kim', NOW * 1000))
      throw new Error('the decision failed')
    })
    expect(broken).toThrow('the decision failed')
    expect(db.prepare('SELECT alert FROM incident_alert').pluck().all()).toEqual([1])
    expect(faultOf(book(number))).toBeNull()
    expect(must(incidents().joinAlerts(number, ['2'], 'kim', NOW * 1000))).toBe(number)
  })
})

describe('the head', () => {
  it('merges texts and lists, and tells of other fields that somebody else changed', async () => {
    const { number } = created(desk, 'One')
    const edit = (by: string, edit: object, from: object, insist = false) =>
      must(incidents().edit({ number, edit, from, insist }, as(by)))
    edit('kim', { summary: 'first\nsecond\n', tags: ['a', 'b'] }, {})
    edit(
      'lee',
      { summary: 'first line\nsecond\n', tags: ['a', 'b', 'c'], title: 'Lee' },
      { summary: 'first\nsecond\n', tags: ['a', 'b'], title: 'One' },
    )
    const kim = edit(
      'kim',
      { summary: 'first\nsecond line\n', tags: ['b'], title: 'Kim', tlp: 'RED' },
      { summary: 'first\nsecond\n', tags: ['a', 'b'], title: 'One', tlp: 'AMBER' },
    )
    expect(kim.conflicts).toEqual(['title'])
    expect(kim.incident).toMatchObject({ summary: 'first line\nsecond line\n', tags: ['b', 'c'], title: 'Lee', tlp: 'RED' })
    expect(edit('kim', { title: 'Kim' }, { title: 'One' }, true)).toMatchObject({ conflicts: [], incident: { title: 'Kim' } })
    const both = edit('lee', { summary: 'FIRST line\nsecond line\n' }, { summary: 'first\nsecond\n' })
    expect(both.incident.summary).toContain('FIRST')
    const before = await get(number)
    // What changes nothing is no change.
    expect(edit('kim', { title: 'Kim' }, { title: 'Kim' }).incident.revision).toBe(before.revision)
  })

  it('phases come in order, with work of a phase done, and closing is told in both books', async () => {
    const { number } = created(desk, 'Phases')
    const reach = (phase: 'occurred' | 'contained' | 'eradicated' | 'recovered' | 'closed', at: string | null = null) =>
      incidents().reach({ number, phase, at }, as('kim'))
    expect(reach('contained')).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('occurred') },
    })
    expect(must(reach('occurred', isoFromMicros(ago(90)))).times.occurred).toBe(isoFromMicros(ago(90)))
    const saved = must(incidents().save({ number, draft: task('Isolate') }, as('kim')))
    expect(reach('contained')).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('Isolate') },
    })
    must(incidents().save({ number, draft: task('Isolate', 'done', saved.id, 1) }, as('kim')))
    expect(reach('contained', isoFromMicros(ago(100)))).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(reach('contained', isoFromMicros(ago(-60)))).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(must(reach('contained')).status).toBe('contained')
    expect(reach('closed')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    must(reach('eradicated'))
    must(reach('recovered'))
    expect(must(reach('closed')).status).toBe('closed')
    expect(book('desk').map(({ action }) => action)).toEqual(['incident.opened', 'incident.closed'])
    expect(incidents().addAlerts({ number, alerts: ['1'] }, as('kim'))).toMatchObject({ ok: false, error: { code: 'conflict' } })
    const again = must(incidents().reopen({ number, reason: 'it came back' }, as('lee')))
    expect(again).toMatchObject({ status: 'open', times: { contained: null, closed: null, occurred: isoFromMicros(ago(90)) } })
    const titles = (await timeline(number)).entries.map(({ kind, title }) => `${kind} ${title}`)
    for (const title of [
      'status opened',
      'status contained',
      'status closed',
      'status reopened',
      'action Isolate',
      'status task_added',
    ])
      expect(titles).toContain(title)
    expect(
      incidents().edit({ number, edit: { times: { closed: isoFromMicros(ago(0)) } }, from: {}, insist: false }, as('kim')),
    ).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })
})

describe('parts', () => {
  it('have revisions; an edit of an older one is merged, one of a removed part brings it back', async () => {
    const { number } = created(desk, 'Parts')
    const first = must(incidents().save({ number, draft: note('one two three') }, as('kim')))
    expect(first).toMatchObject({ revision: 1, merged: false })
    must(incidents().save({ number, draft: note('ONE two three @lee', first.id, 1) }, as('lee')))
    const merged = must(incidents().save({ number, draft: note('one two THREE', first.id, 1) }, as('kim')))
    expect(merged).toMatchObject({ revision: 3, merged: true })
    expect((await parts(number)).notes).toMatchObject([
      { text: 'ONE two THREE @lee', mentions: ['lee'], createdBy: 'kim', written: { revision: 3, by: 'kim' } },
    ])
    must(incidents().remove({ number, kind: 'note', id: first.id }, as('lee')))
    expect((await get(number)).counts.notes).toBe(0)
    must(incidents().save({ number, draft: note('ONE two THREE @lee four', first.id, 3) }, as('kim')))
    expect((await parts(number)).notes[0]?.text).toContain('four')
    expect(incidents().remove({ number, kind: 'note', id: 'nothing' }, as('lee'))).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    })
  })

  it('entities are known by kind and value; their edges go with them', async () => {
    const { number } = created(desk, 'Graph')
    const save = (draft: PartDraft) => incidents().save({ number, draft }, as('kim'))
    const web = must(save(entity('web-01')))
    expect(must(save(entity('web-01', { note: 'again' })))).toMatchObject({ id: web.id, merged: true })
    const file = must(save(entity('file-01')))
    const edge = (from: string, to: string): PartDraft => ({
      kind: 'edge',
      id: null,
      base: null,
      part: { from, to, label: 'SMB', state: 'worked', step: 1, time: null, cites: [{ kind: 'alert', alert: '1' }] },
    })
    must(save(edge(web.id, file.id)))
    expect(save(edge(web.id, 'nobody'))).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    must(incidents().remove({ number, kind: 'entity', id: file.id }, as('kim')))
    expect(await parts(number)).toMatchObject({ entities: [{ value: 'web-01', note: 'again' }], edges: [] })
    expect(must(incidents().undo({ number }, as('kim'))).undone).toBe('entity.removed')
    expect(await parts(number)).toMatchObject({
      entities: [{ value: 'web-01' }, { value: 'file-01' }],
      edges: [{ label: 'SMB' }],
    })
  })

  it('a sentence without a cite is not confirmed; a task is not skipped without a reason', () => {
    const { number } = created(desk, 'Rules')
    const sentence = (state: 'proposed' | 'confirmed', cited: boolean): PartDraft => ({
      kind: 'sentence',
      id: null,
      base: null,
      part: {
        section: 'entry',
        step: 1,
        place: 1,
        text: { en: 'In by the form.', ko: '양식을 통해 들어왔습니다.' },
        cites: cited ? [{ kind: 'alert', alert: '1' }] : [],
        evidence: [],
        asset: null,
        state,
      },
    })
    const save = (draft: PartDraft) => incidents().save({ number, draft }, as('kim'))
    expect(save(sentence('confirmed', false))).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(save(sentence('proposed', false)).ok && save(sentence('confirmed', true)).ok).toBe(true)
    expect(save(task('Take it offline', 'skipped', null, null, { reason: ' ' }))).toMatchObject({
      ok: false,
      error: { path: 'draft.part.reason' },
    })
  })

  it('have bounds: texts together, and what does not fit says so', () => {
    const { number } = created(desk, 'Bounds')
    const refused = desk.writer.desk.transaction(() => {
      for (let i = 0; i < 60; i++) {
        const saved = incidents().save({ number, draft: note('x'.repeat(100_000)) }, as('kim'))
        if (!saved.ok) return saved.error
      }
      return null
    })()
    expect(refused).toMatchObject({ code: 'conflict' })
  })
})

describe('taking back', () => {
  it('is for the own last change, as far as nobody changed the same since', async () => {
    const { number } = created(desk, 'Undo')
    expect(must(incidents().undo({ number }, as('kim'))).undone).toBeNull()
    must(incidents().edit({ number, edit: { title: 'Kim', tlp: 'RED' }, from: {}, insist: false }, as('kim')))
    must(incidents().edit({ number, edit: { title: 'Lee' }, from: {}, insist: false }, as('lee')))
    expect(must(incidents().undo({ number }, as('kim'))).incident).toMatchObject({ title: 'Lee', tlp: 'AMBER' })
    expect(must(incidents().undo({ number }, as('lee'))).incident.title).toBe('Kim')

    const saved = must(incidents().save({ number, draft: note('alpha beta') }, as('kim')))
    must(incidents().save({ number, draft: note('alpha beta gamma', saved.id, 1) }, as('kim')))
    must(incidents().save({ number, draft: note('ALPHA beta gamma', saved.id, 2) }, as('lee')))
    must(incidents().undo({ number }, as('kim')))
    expect((await parts(number)).notes[0]?.text).toBe('ALPHA beta')
    expect(must(incidents().undo({ number }, as('lee'))).undone).toBe('note.saved')
    expect((await parts(number)).notes[0]?.text).toBe('alpha beta')

    must(incidents().addAlerts({ number, alerts: ['1', '2'] }, as('kim')))
    expect(must(incidents().undo({ number }, as('kim'))).incident.counts).toMatchObject({ alerts: 0, entries: 1 })
    must(incidents().reach({ number, phase: 'occurred', at: isoFromMicros(ago(10)) }, as('kim')))
    const back = must(incidents().undo({ number }, as('kim'))).incident
    expect(back.times.occurred).toBeNull()
    expect(back.counts.entries).toBe(1)
    expect(faultOf(book(number))).toBeNull()
  })

  it('a task that was done is open again, and its entry is gone', async () => {
    const { number } = created(desk, 'Task')
    const saved = must(incidents().save({ number, draft: task('Isolate') }, as('kim')))
    must(incidents().save({ number, draft: task('Isolate', 'done', saved.id, 1) }, as('kim')))
    expect((await timeline(number)).entries.map(({ title }) => title)).toContain('Isolate')
    must(incidents().undo({ number }, as('kim')))
    expect((await timeline(number)).entries.map(({ title }) => title)).not.toContain('Isolate')
    expect((await parts(number)).tasks[0]?.state).toBe('open')
  })
})

describe('incidents that belong together', () => {
  it('are linked both ways, without circles, and unlinked', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((title) => created(desk, title).number) as [string, string, string]
    const link = (number: string, to: string, kind: 'parent' | 'child' | 'related', linked = true) =>
      incidents().link({ number, to, kind, linked }, as('kim'))
    expect(must(link(a, b, 'parent')).links).toEqual([{ to: b, kind: 'parent' }])
    expect((await get(b)).links).toEqual([{ to: a, kind: 'child' }])
    must(link(b, c, 'parent'))
    expect(link(c, a, 'parent')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(link(a, a, 'related')).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(must(incidents().undo({ number: b }, as('kim'))).incident.links).toEqual([{ to: a, kind: 'child' }])
    must(link(b, a, 'child', false))
    expect((await get(a)).links).toEqual([])
    expect(book(a).map(({ action }) => action)).toEqual(['incident.opened', 'incident.linked', 'incident.unlinked'])
  })

  it('one takes everything of another in, which stays to be read', async () => {
    const into = created(desk, 'into', ['1']).number
    const from = created(desk, 'from', ['2']).number
    for (const number of [into, from]) {
      must(incidents().save({ number, draft: entity('web-01') }, as('kim')))
      must(incidents().save({ number, draft: { ...note(`note of ${number}`), id: 'same-id' } as PartDraft }, as('kim')))
    }
    const evidence = (sha: string) => ({
      kind: 'file',
      name: 'a.bin',
      bytes: 1,
      sha256: sha.repeat(64),
      origin: '',
      cites: [],
      note: '',
      internal: false,
      added: isoFromMicros(NOW * 1000),
      addedBy: 'kim',
      state: 'sealed',
    })
    for (const [number, sha] of [
      [into, 'a'],
      [from, 'b'],
    ] as const)
      must(
        incidents().change(number, 'evidence.added', as('kim'), (change) => {
          change.put('evidence', 'EV-01', evidence(sha))
          return { ok: true, value: null }
        }),
      )
    const merged = must(incidents().merge({ number: into, from, reason: 'one story' }, as('lee')))
    expect(merged.counts).toMatchObject({ alerts: 2, entities: 1, evidence: 2, notes: 2 })
    expect((await parts(into)).evidence.map(({ id, sha256 }) => [id, sha256[0]])).toEqual([
      ['EV-01', 'a'],
      ['EV-02', 'b'],
    ])
    expect(await get(from)).toMatchObject({ status: 'merged', mergedInto: into, counts: { notes: 1 } })
    expect(incidents().save({ number: from, draft: note('late') }, as('kim'))).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
    expect((await timeline(into)).entries.filter(({ alert }) => alert !== null)).toHaveLength(2)
    for (const name of [into, from, 'desk']) expect(faultOf(book(name))).toBeNull()
  })
})

it('drafts are kept for whoever wrote them, and forgotten', async () => {
  const { number } = created(desk, 'Draft')
  const draft = async (by: string) => must(await desk.ask('incidents.draft', { number, by }))
  must(incidents().keepDraft({ number, changes: { note: { text: '쓰다 만 글' } } }, as('kim')))
  const kept = { draft: { note: { text: '쓰다 만 글' } }, at: isoFromMicros(NOW * 1000) }
  expect(await draft('kim')).toEqual(kept)
  expect(await draft('lee')).toEqual({ draft: {}, at: null })
  expect(incidents().keepDraft({ number, changes: { note: 'x'.repeat(2_000_001) } }, as('kim'))).toMatchObject({ ok: false })
  expect(await draft('kim')).toEqual(kept)
  must(incidents().keepDraft({ number, changes: { note: null } }, as('kim')))
  expect(await draft('kim')).toEqual({ draft: {}, at: null })
})

it('what one window of somebody writes leaves alone what is written in another', async () => {
  const { number } = created(desk, 'Draft')
  must(incidents().keepDraft({ number, changes: { note: { text: 'one' } } }, as('kim')))
  must(incidents().keepDraft({ number, changes: { sentence: { text: 'two' } } }, as('kim')))
  must(incidents().keepDraft({ number, changes: { sentence: { text: 'three' }, none: null } }, as('kim')))
  const { draft } = must(await desk.ask('incidents.draft', { number, by: 'kim' }))
  expect(draft).toEqual({ note: { text: 'one' }, sentence: { text: 'three' } })
})

describe('proposals', () => {
  const host = (id: string, value: string, zone: string): Proposal['entities'][number] => ({
    id: `p-${id}`, kind: 'host', value, label: value, role: 'seen', zone, asset: null, note: '',
  }) // prettier-ignore
  const put = (number: string, ...entities: Proposal['entities']): void => {
    must(
      incidents().putProposal(
        { number, proposal: { entities, edges: [], sentences: [], groups: {}, occurred: null } },
        as(PROPOSER),
      ),
    )
  }

  it('are missing where alerts joined after the last one, of open incidents', async () => {
    const missing = async () => must(await desk.ask('incidents.unproposed', {})).numbers
    created(desk, 'without alerts')
    const { number } = created(desk, 'one', ['1'])
    expect(await missing()).toEqual([number])
    put(number, host('name', 'file-01', ''))
    expect(await missing()).toEqual([])
    must(incidents().addAlerts({ number, alerts: ['2'] }, as('kim')))
    expect(await missing()).toEqual([number])
    for (const phase of ['contained', 'eradicated', 'recovered', 'closed'] as const)
      must(incidents().reach({ number, phase, at: null }, as('kim')))
    expect(await missing()).toEqual([])
  })
  it('know a host once, also when more is known of it later', async () => {
    const { number } = created(desk, 'one')
    put(number, host('name', 'file-01', ''), host('address', '10.0.0.5', '10.0.0.0/24'))
    put(number, host('address', 'file-01', '10.0.0.0/24'))
    expect((await parts(number)).entities.map(({ value, zone }) => [value, zone])).toEqual([['file-01', '10.0.0.0/24']])
  })
  it('leave the host that a person made', async () => {
    const { number } = created(desk, 'one')
    must(incidents().save({ number, draft: entity('web-01') }, as('kim')))
    const [own] = (await parts(number)).entities
    put(number, { ...host('other', 'web-01', 'DMZ'), kind: own?.kind ?? 'host' })
    expect((await parts(number)).entities).toEqual([own])
  })
})

it('what came of carving is noted of an incident that has more evidence than fits', async () => {
  const { number } = created(desk, 'one', ['1'])
  const item: NewItem = {
    kind: 'file',
    name: 'a',
    bytes: 1,
    sha256: 'a'.repeat(64),
    origin: '',
    cites: [],
    note: '',
    internal: false,
  }
  must(
    incidents().change(number, 'evidence.added', as('kim'), (change) => {
      const rest = { added: isoFromMicros(ago(0)), addedBy: 'kim', state: 'sealed' }
      change.put('evidence', `EV-${MOST_ITEMS + 1}`, { ...item, ...rest })
      return ok(null)
    }),
  )
  const carved = { alert: '1', state: 'none', reason: 'enough', flows: [] } as const
  must(incidents().addEvidence({ number, items: [], carved }, as('kim')))
  expect(must(await desk.ask('incidents.uncarved', { limit: 10 })).alerts).toEqual([])
  const more = incidents().addEvidence({ number, items: [item], carved: null }, as('kim'))
  expect(more).toMatchObject({ ok: false, error: { code: 'conflict' } })
})
