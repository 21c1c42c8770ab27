import { IMPACTS } from '../../../../shared/model/impact.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ago, as, created, deskWith, entity, must } from '../../../../test/fixtures/store/incidents.ts'
import { everything, removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Fields } from '../../incidents/merge-fields.ts'
import { emptyStretches } from '../queries/incident-gaps.ts'
import type { QuestionInput } from '../reader.ts'

let dir: string
let desk: Opened
beforeEach(() => {
  dir = temporaryDir()
  desk = deskWith(dir, [
    ['shell', 60],
    ['beacon', 30],
    ['later', 10],
  ])
})
afterEach(() => {
  desk.close()
  removeDir(dir)
})
const timeline = async (more: Partial<QuestionInput<'incidents.timeline'>> & { number: string }) =>
  must(await desk.ask('incidents.timeline', { from: null, to: null, slots: 20, limit: 500, after: null, ...more }))

function fill(number: string, count: number): void {
  must(
    desk.writer.incidents.change(number, 'test.filled', as('kim'), (change) => {
      for (let i = 0; i < count; i++)
        change.put('entry', `e${i}`, {
          kind: i % 4 === 0 ? 'note' : 'event',
          time: isoFromMicros(ago(600) + i * 1_000_000),
          until: i === 0 ? isoFromMicros(ago(590)) : null,
          title: `Entry ${i}`,
          text: '',
          severity: null,
          alert: null,
          event: null,
          cites: [],
          group: i < 100 ? 'Scan' : '',
          internal: false,
        } as unknown as Fields)
      return { ok: true, value: null }
    }),
  )
}

describe('the timeline', () => {
  it('of ten thousand entries: counts add up, pages go on, groups span, windows cut', async () => {
    const { number } = created(desk, 'Long')
    fill(number, 10_000)
    const whole = await timeline({ number, slots: 160 })
    expect(whole.total).toBe(10_001)
    expect(Object.keys(whole.counts).sort()).toEqual(['event', 'note', 'status'])
    expect(
      Object.values(whole.counts)
        .flat()
        .reduce((a, b) => a + b, 0),
    ).toBe(10_001)
    expect(whole.counts['note']?.reduce((a, b) => a + b, 0)).toBe(2500)
    expect(whole.groups).toEqual([{ group: 'Scan', from: isoFromMicros(ago(600)), to: isoFromMicros(ago(590)) }])
    const seen: string[] = []
    for (let after: string | null = null, first = true; first || after !== null; first = false) {
      const page: Awaited<ReturnType<typeof timeline>> = await timeline({ number, limit: 2000, after })
      seen.push(...page.entries.map(({ id }) => id))
      after = page.after
    }
    expect(new Set(seen).size).toBe(10_001)
    expect(seen.slice(0, 3)).toEqual(['e0', 'e1', 'e2'])
    // From 595 minutes ago one entry still lasts.
    const window = await timeline({ number, from: isoFromMicros(ago(595)), to: isoFromMicros(ago(594)) })
    expect(window.entries[0]?.id).toBe('e0')
    expect(window.total).toBe(62)
    expect(window.counts['note']?.[0]).toBeGreaterThan(0)
    expect(await desk.ask('incidents.timeline', { number, from: null, to: null, slots: 1, limit: 1, after: 'x' })).toMatchObject({
      ok: false,
    })
  })

  it('shows where its entities have no events', async () => {
    const { number } = created(desk, 'Gaps', ['1', '3'])
    // A question spends little on gaps; the next one goes on where it stopped.
    const known = async () => {
      for (;;) {
        const answer = await timeline({ number, to: isoFromMicros(ago(10)) })
        if (answer.gaps.length > 0) return answer
      }
    }
    const { gaps, from, to } = await known()
    expect([from, to]).toEqual([isoFromMicros(ago(60)), isoFromMicros(ago(10))])
    expect(gaps).toHaveLength(2)
    for (const gap of gaps) expect(gap.from < gap.to && gap.from >= from && gap.to <= to).toBe(true)
    // Entities of its own take the alerts' place: of one without events there is nothing at all.
    must(desk.writer.incidents.save({ number, draft: entity('elsewhere') }, as('kim')))
    expect((await known()).gaps).toEqual([{ from, to }])
  })

  it('a stretch is a gap from five minutes and a twentieth on', () => {
    const minute = 60_000_000
    const counts = Array.from({ length: 400 }, (_, i) => (i >= 100 && i < 119 ? 0 : i >= 200 && i < 222 ? 0 : 1))
    expect(emptyStretches(counts, 0, 400 * minute)).toEqual([
      { from: isoFromMicros(200 * minute), to: isoFromMicros(222 * minute) },
    ])
    expect(emptyStretches([1, 0, 1], 0, 3 * minute)).toEqual([])
    expect(emptyStretches([0, 0], 0, 20 * minute)).toHaveLength(1)
  })
})

describe('alerts of the same story', () => {
  it('are offered with the reason, unless decided false, elsewhere, or far away', async () => {
    const { number } = created(desk, 'Story', ['1'])
    const offered = async () =>
      must(await desk.ask('incidents.offered', { number })).alerts.map(({ alert, why, value }) => [alert.id, why, value])
    expect(await offered()).toEqual([
      ['3', 'attacker', '10.0.0.1'],
      ['2', 'attacker', '10.0.0.1'],
    ])
    desk.writer.desk.prepare("UPDATE alert SET state = 2, verdict = 'false_positive' WHERE id = 3").run()
    created(desk, 'Other', ['2'])
    expect(await offered()).toEqual([])
    desk.writer.desk
      .prepare('UPDATE alert SET state = 0, verdict = NULL, first = first - 3e11, last = last - 3e11 WHERE id = 3')
      .run()
    expect(await offered()).toEqual([])
  })

  it('are not chosen where a stranger only tried something on the same host', async () => {
    const { number } = created(desk, 'Story', ['1'])
    const alert = desk.writer.desk.prepare('SELECT dst_ip FROM alert WHERE id = 1').get() as { readonly dst_ip: string }
    const stranger = desk.writer.desk.prepare(
      'UPDATE alert SET src_ip = ?, dst_ip = ?, impact = ?, impact_confidence = 0.9 WHERE id = 2',
    )
    const chosen = async () =>
      must(await desk.ask('incidents.offered', { number })).alerts.flatMap((one) =>
        one.alert.id === '2' ? [one.why, one.chosen] : [],
      )
    stranger.run('203.0.113.9', alert.dst_ip, IMPACTS.indexOf('failed'))
    expect(await chosen()).toEqual(['target', false])
    stranger.run('203.0.113.9', alert.dst_ip, IMPACTS.indexOf('likely'))
    expect(await chosen()).toEqual(['target', true])
    stranger.run(alert.dst_ip, '203.0.113.9', IMPACTS.indexOf('attempted'))
    expect(await chosen()).toEqual(['target', true])
  })

  it('find the incidents that they fit', async () => {
    const suggest = async (alerts: string[]) =>
      must(await desk.ask('incidents.suggest', { alerts })).incidents.map(({ number }) => number)
    expect(await suggest(['2'])).toEqual([])
    const byEntity = created(desk, 'By entity').number
    must(desk.writer.incidents.save({ number: byEntity, draft: entity('web-01') }, as('kim')))
    const byAlert = created(desk, 'By alert', ['1']).number
    expect(await suggest(['2'])).toEqual([byEntity, byAlert])
    expect(await suggest(['1', '2'])).toEqual([byAlert, byEntity])
    desk.writer.desk.prepare("UPDATE incident SET status = 'closed' WHERE number = ?").run(byAlert)
    expect(await suggest(['1'])).toEqual([byEntity])
  })
})

describe('lists', () => {
  it('filter by text, status, owner and customer, and go on', async () => {
    for (const title of ['웹 셸 발견', 'Beacon', 'Beacon again']) created(desk, title)
    must(
      desk.writer.incidents.edit(
        { number: 'INC-2026-0002', edit: { tags: ['Night'], customer: 'acme' }, from: {}, insist: false },
        as('kim'),
      ),
    )
    const list = async (more: Partial<QuestionInput<'incidents.list'>>) =>
      must(
        await desk.ask('incidents.list', {
          text: '',
          status: ['open'],
          owner: null,
          customer: null,
          limit: 200,
          after: null,
          ...more,
        }),
      )
    const numbers = async (more: Partial<QuestionInput<'incidents.list'>>) =>
      (await list(more)).incidents.map(({ number }) => number.slice(-1))
    expect(await numbers({})).toEqual(['3', '2', '1'])
    expect(await numbers({ text: '셸' })).toEqual(['1'])
    expect(await numbers({ text: 'beacon' })).toEqual(['3', '2'])
    expect(await numbers({ text: 'NIGHT' })).toEqual(['2'])
    expect(await numbers({ text: 'inc-2026-0003' })).toEqual(['3'])
    expect(await numbers({ text: '%' })).toEqual([])
    expect(await numbers({ customer: 'acme' })).toEqual(['2'])
    expect(await numbers({ owner: 'lee' })).toEqual([])
    expect(await numbers({ status: [] })).toEqual([])
    const first = await list({ limit: 2 })
    expect(first).toMatchObject({ total: 3, after: '2' })
    expect(await numbers({ limit: 2, after: first.after })).toEqual(['1'])
    expect(await desk.ask('incidents.get', { number: 'INC-2026-9999' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    })
  })

  it('impact is the worst of the alerts', async () => {
    const { number } = created(desk, 'Impact', ['1', '2'])
    const impact = async () => must(await desk.ask('incidents.get', { number })).impact
    expect(await impact()).toBeNull()
    desk.writer.desk.prepare('UPDATE alert SET impact = 4, impact_confidence = 0.9 WHERE id = 2').run()
    desk.writer.desk.prepare('UPDATE alert SET impact = 0, impact_confidence = 1 WHERE id = 1').run()
    expect(await impact()).toEqual({ result: 'succeeded', confidence: 0.9 })
  })
})

describe('the ledger of an incident', () => {
  it('comes newest first, in pages, and says when it is not as it was written', async () => {
    const { number } = created(desk, 'Ledger')
    desk.writer.desk.transaction(() => {
      for (let i = 0; i < 300; i++)
        must(desk.writer.incidents.edit({ number, edit: { title: `Title ${i}` }, from: {}, insist: false }, as('kim')))
    })()
    const ask = async (more: object = {}) => must(await desk.ask('incidents.ledger', { number, limit: 2, before: null, ...more }))
    expect(await ask()).toMatchObject({ total: 301, intact: true, entries: [{ number: 301 }, { number: 300 }] })
    expect((await ask({ before: 3, limit: 100 })).entries.map((entry) => entry.number)).toEqual([2, 1])
    const db = desk.writer.desk
    db.exec('DROP TRIGGER ledger_keeps')
    db.prepare('UPDATE ledger SET body = \'{"title":"other"}\' WHERE book = ? AND number = 7').run(number)
    must(desk.writer.incidents.edit({ number, edit: { title: 'Last' }, from: {}, insist: false }, as('kim')))
    expect(await ask()).toMatchObject({ total: 302, intact: false })
  })

  it('holds long values by their hash', async () => {
    const { number } = created(desk, 'Long')
    must(desk.writer.incidents.edit({ number, edit: { summary: '가'.repeat(50_000) }, from: {}, insist: false }, as('kim')))
    const { entries } = must(await desk.ask('incidents.ledger', { number, limit: 1, before: null }))
    expect(entries[0]?.body['summary']).toMatchObject({
      length: 50_000,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })
})

it('events are pinned once, as data, and cites say what they point at', async () => {
  const { number } = created(desk, 'Pins')
  const events = must(await desk.ask('events.search', everything)).events
  const pinned = must(await desk.ask('incidents.pinned', { events: events.map(({ id }) => id) }))
  expect(pinned[0]).toEqual({ event: events[0]!.id, time: events[0]!.time, title: 'http 10.0.0.1 → 10.0.0.2 /shell' })
  must(desk.writer.incidents.addEvents(number, pinned, 'Shell', as('kim')))
  const again = must(desk.writer.incidents.addEvents(number, pinned, 'Shell', as('kim')))
  expect(again.counts.entries).toBe(4)
  const entries = (await timeline({ number })).entries.filter(({ kind }) => kind === 'event')
  expect(entries.map(({ group, event }) => [group, event])).toEqual(events.map(({ id }) => ['Shell', id]))
  const { cited } = must(
    await desk.ask('incidents.cited', {
      cites: [
        { kind: 'event', event: events[0]!.id },
        { kind: 'event', event: '1' },
        { kind: 'alert', alert: '1' },
        { kind: 'alert', alert: '99' },
        { kind: 'packet', capture: '/nowhere/a.pcap', packet: 7, offset: 66, length: 4 },
      ],
    }),
  )
  expect(cited.map(({ known }) => known)).toEqual([true, false, true, false, false])
  expect(cited[2]).toMatchObject({ label: 'A-1', detail: 'Detection shell' })
  expect(cited[4]).toMatchObject({ label: 'pkt 7 +0x42', detail: 'a.pcap' })
})
