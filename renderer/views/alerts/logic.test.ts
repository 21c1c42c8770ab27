import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert, Mark } from '../../../shared/model/alert.ts'
import { roundTimes, zoomed, ZOOMS } from './around-scale.ts'
import { endName, endsOf, initials } from './ends.ts'
import { groupedRows, rowKeeper, type AlertRow } from './groups.ts'
import { parseQuery } from '../../../shared/query/parse.ts'
import { pivotsOf } from './pivots.ts'
import { nextMorning } from './snooze.ts'
import { applyDelta, applyOwn, between, catchUp, firstPage, heldCounts, nextPage, nextWaiting, NO_QUEUE } from './queue.ts'
import { bothOf, hasOtherStates, ownTabs, paramsOfView, savedTab, savedValue, tabOfParams, viewOfParams } from './queue-view.ts'
import { rawSpans } from './raw-marks.ts'
import { excerpt, ruleText } from './rule-lines.ts'

const ASKED = Date.UTC(2026, 10, 19, 18)
const alert = (id: number, more: Partial<Alert> = {}): Alert => ({
  id: String(id),
  kind: 'sig',
  detection: `1:${id % 3}`,
  title: `Title ${id % 3}`,
  severity: 'medium',
  attack: [],
  category: null,
  source: { ip: '192.0.2.1', port: null, name: null },
  destination: { ip: '192.0.2.2', port: null, name: null },
  asset: `host-${id % 2}`,
  user: null,
  count: 1,
  first: '2026-11-19T17:00:00Z',
  last: '2026-11-19T17:00:00Z',
  raised: '2026-11-19T17:00:00Z',
  state: 'open',
  owner: null,
  takenAt: null,
  snoozedUntil: null,
  verdict: null,
  reason: null,
  decidedAt: null,
  decidedBy: null,
  why: null,
  incident: null,
  impact: null,
  spark: Array.from({ length: 12 }, () => 0),
  revision: 1,
  ...more,
})
const page = (ids: readonly number[], after: string | null = null) => ({
  alerts: ids.map((id) => alert(id)),
  total: ids.length,
  after,
})
const delta = (changed: readonly Alert[], removed: readonly string[] = [], total = 9) => ({
  changed: [...changed],
  removed: [...removed],
  total,
  overflow: false,
})
const LATER = '2026-11-19T18:00:05Z'

describe('the queue', () => {
  const queue = firstPage(page([1, 2, 3]), ASKED)
  it('changes rows in place and never their order', () => {
    const after = applyDelta(queue, delta([alert(2, { count: 7, revision: 2 })]), ASKED)
    expect(after.rows.map(({ id, count }) => [id, count])).toEqual([
      ['1', 1],
      ['2', 7],
      ['3', 1],
    ])
    expect(after.held.size).toBe(0)
  })
  it('keeps the newer of two revisions', () => {
    const newer = applyDelta(queue, delta([alert(2, { count: 7, revision: 3 })]), ASKED)
    expect(applyDelta(newer, delta([alert(2, { count: 5, revision: 2 })]), ASKED).rows[1]?.count).toBe(7)
  })
  it('holds what is new, since when, and by severity', () => {
    const once = applyDelta(queue, delta([alert(9, { severity: 'high', raised: LATER })]), 1000)
    const twice = applyDelta(
      once,
      delta([alert(10, { severity: 'critical', raised: LATER }), alert(11, { severity: 'high', raised: LATER })]),
      2000,
    )
    expect(twice.rows).toBe(queue.rows)
    expect(twice.heldSince).toBe(1000)
    expect(heldCounts(twice)).toEqual([
      { severity: 'critical', count: 1 },
      { severity: 'high', count: 2 },
    ])
  })
  it('does not call a row of a page that is not loaded yet news', () => {
    const partial = firstPage(page([1, 2, 3], 'next'), ASKED)
    expect(applyDelta(partial, delta([alert(50, { revision: 2 })]), ASKED).held.size).toBe(0)
    expect(applyDelta(partial, delta([alert(50, { raised: LATER })]), ASKED).held.size).toBe(1)
    expect(applyDelta(queue, delta([alert(50, { revision: 2 })]), ASKED).held.size).toBe(1)
  })
  it('leaves a row that no longer fits where it is, until it fits again', () => {
    const gone = applyDelta(queue, delta([], ['2', '77']), ASKED)
    expect(gone.rows).toHaveLength(3)
    expect([...gone.left]).toEqual(['2'])
    expect(applyDelta(gone, delta([alert(2, { revision: 4 })]), ASKED).left.size).toBe(0)
  })
  it('forgets a held alert that is gone before it was shown', () => {
    const held = applyDelta(queue, delta([alert(9, { raised: LATER })]), 1000)
    const after = applyDelta(held, delta([], ['9']), 2000)
    expect([after.held.size, after.heldSince]).toEqual([0, null])
  })
  it('adds pages below without doubling what is there or held', () => {
    const held = applyDelta(firstPage(page([1, 2], 'x'), ASKED), delta([alert(4, { raised: LATER })]), 0)
    expect(nextPage(held, page([2, 3, 4])).rows.map(({ id }) => id)).toEqual(['1', '2', '3'])
  })
  it('takes the answer to a decision at once', () => {
    const decided = alert(2, { state: 'decided', revision: 2 })
    const after = applyOwn(queue, [decided], ({ state }) => state === 'open')
    expect(after.rows[1]).toBe(decided)
    expect([...after.left]).toEqual(['2'])
    expect(applyOwn(after, [alert(2, { revision: 3 })], ({ state }) => state === 'open').left.size).toBe(0)
  })
  it('catches up after a reconnect', () => {
    const after = catchUp(
      queue,
      { alerts: [alert(1), alert(3, { revision: 2, count: 5 }), alert(8, { raised: LATER })], total: 3, after: null },
      5,
    )
    expect([...after.left]).toEqual(['2'])
    expect([...after.held.keys()]).toEqual(['8'])
    expect(after.rows[2]?.count).toBe(5)
    expect(catchUp(queue, { alerts: [alert(1)], total: 900, after: 'x' }, 5).left.size).toBe(0)
  })
  it('never moves or drops a row, whatever the engine says', () => {
    const change = fc.record({ changed: fc.array(fc.tuple(fc.nat(12), fc.nat(5))), removed: fc.array(fc.nat(12).map(String)) })
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let now = firstPage(page([1, 2, 3, 4, 5]), ASKED)
        for (const { changed, removed } of changes) {
          now = applyDelta(
            now,
            delta(
              changed.map(([id, revision]) => alert(id, { revision })),
              removed,
            ),
            ASKED,
          )
          expect(now.rows.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5'])
          expect([...now.held.keys()].some((id) => ['1', '2', '3', '4', '5'].includes(id))).toBe(false)
          expect(now.heldSince === null).toBe(now.held.size === 0)
        }
      }),
    )
  })
  it('starts from nothing', () => expect(applyDelta(NO_QUEUE, delta([alert(1)]), 3).held.size).toBe(1))
})

describe('the focus after a decision', () => {
  const ids = ['a', 'b', 'c', 'd']
  const waits = (id: string): boolean => id !== 'c'
  it('goes to the next row that waits', () => expect(nextWaiting(ids, waits, 'b', new Set(['b']))).toBe('d'))
  it('goes up from the last', () => expect(nextWaiting(ids, waits, 'd', new Set(['d']))).toBe('b'))
  it('skips all that are decided together', () => expect(nextWaiting(ids, waits, 'a', new Set(['a', 'b', 'd']))).toBe(null))
  it('starts at the top', () => expect(nextWaiting(ids, waits, null, new Set())).toBe('a'))
  it('takes ranges either way', () => {
    expect(between(ids, 'c', 'a')).toEqual(['a', 'b', 'c'])
    expect(between(ids, 'a', 'z')).toEqual([])
  })
})

describe('groups', () => {
  const rows = [1, 2, 3, 4].map((id): AlertRow => ({
    kind: 'alert',
    id: String(id),
    alert: alert(id, { severity: id === 4 ? 'critical' : 'low' }),
    marked: false,
    left: false,
  }))
  it('stand where their first alert stood, with the worst severity', () => {
    const found = groupedRows(rows, 'detection', new Set())
    expect(found.map(({ id }) => id)).toEqual(['detection:1:1', '1', '4', 'detection:1:2', '2', 'detection:1:0', '3'])
    expect(found[0]).toMatchObject({ kind: 'group', alerts: 2, events: 2, severity: 'critical', label: 'Title 1' })
  })
  it('can be closed', () =>
    expect(groupedRows(rows, 'asset', new Set(['asset:host-1'])).map(({ id }) => id)).toEqual([
      'asset:host-1',
      'asset:host-0',
      '2',
      '4',
    ]))
  it('keep unchanged row objects', () => {
    const keep = rowKeeper()
    const first = keep(rows)
    const second = keep(rows.map((row) => (row.id === '2' ? { ...row, marked: true } : { ...row })))
    expect(second[0]).toBe(first[0])
    expect(second[1]).not.toBe(first[1])
    expect(keep(second.map((row) => ({ ...row })))).toBe(second)
  })
})

describe('views', () => {
  const [open, mine] = ownTabs('M. Seo')
  it('survive the route', () => {
    if (!open || !mine) throw new Error('tabs')
    const view = {
      where: 'severity>=high',
      states: ['open', 'decided'] as const,
      order: 'newest' as const,
      range: { kind: 'last' as const, seconds: 3600 },
      group: 'asset' as const,
    }
    expect(viewOfParams(mine, paramsOfView(mine, view))).toEqual(view)
    expect(paramsOfView(open, open.view)).toEqual({})
    expect(mine.base).toBe('owner:"M. Seo"')
  })
  it('survive being saved', () => {
    if (!mine) throw new Error('tabs')
    const view = { ...mine.view, where: 'kind:sig', range: { kind: 'last' as const, seconds: 900 } }
    const tab = savedTab({ id: 'x', page: 'alerts', name: 'X', value: savedValue(view, mine.base) })
    expect(tab.view).toEqual({ ...view, where: '(owner:"M. Seo") and (kind:sig)' })
  })
  it('begin from the tab that the route names, or whose states it asks for', () => {
    const tabs = ownTabs(null)
    const of = (params: Record<string, string>): string => tabOfParams(tabs, params).id
    expect([of({}), of({ tab: 'mine' }), of({ tab: 'gone' }), of({ states: 'decided' }), of({ states: 'open,decided' })]).toEqual(
      ['open', 'mine', 'open', 'decided', 'open'],
    )
    const tab = tabOfParams(tabs, { states: 'open,decided' })
    expect(hasOtherStates(tab, viewOfParams(tab, { states: 'open,decided', where: '*' }))).toBe(true)
    expect(viewOfParams(tab, { where: ' * ' }).where).toBe('')
  })
  it('take nonsense as the default', () => {
    if (!open) throw new Error('tabs')
    expect(viewOfParams(open, { states: 'bogus', order: '__proto__', group: 'constructor', last: '-4', from: 'junk' })).toEqual(
      open.view,
    )
    expect(savedTab({ id: 'x', page: 'alerts', name: 'X', value: { where: 4, states: 'no' } }).view).toEqual(open.view)
  })
  it('join expressions', () => {
    expect(bothOf('', 'a:b')).toBe('a:b')
    expect(bothOf('a:b', ' * ')).toBe('a:b')
    expect(bothOf('a or b', 'c')).toBe('(a or b) and (c)')
  })
})

const mark = (line: number, value: string, start: number, end: number): Mark => ({
  part: 'selection',
  line,
  field: 'f',
  value,
  start,
  end,
})

describe('why it fired', () => {
  const text =
    "title: T\nlogsource:\n  product: windows\ndetection:\n  selection:\n    CommandLine|contains:\n      - '-enc '\n      - ' /c '\n    Image|endswith: '\\\\powershell.exe'\n  condition: selection\n\nlevel: high\n"
  it('shows the detection with what matched', () => {
    const { lines, before, after, loose } = ruleText(
      text,
      [mark(7, 'powershell -enc AAAA', 11, 16), mark(9, 'C:\\x\\powershell.exe', 4, 19), mark(0, 'x', 0, 1)],
      false,
    )
    expect([before, after, lines.length]).toEqual([3, 2, 7])
    expect(
      lines.filter(({ marks }) => marks.length > 0).map(({ text: line, spans }) => line.slice(spans[0]?.start, spans[0]?.end)),
    ).toEqual(["'-enc '", "'\\\\powershell.exe'"])
    expect(loose).toHaveLength(1)
  })
  it('shows all when asked, or where there is no detection', () => {
    expect(ruleText(text, [], true).lines).toHaveLength(12)
    expect(ruleText('{\n "a": 1\n}', [], false).lines).toHaveLength(3)
  })
  it('cuts long values around the match', () => {
    const value = `${'x'.repeat(200)}NEEDLE${'y'.repeat(200)}`
    const { text: cut, span } = excerpt({ value, start: 200, end: 206 })
    expect(cut.slice(span.start, span.end)).toBe('NEEDLE')
    expect(cut.length).toBeLessThanOrEqual(50)
    expect(excerpt({ value: 'short', start: 0, end: 0 })).toEqual({ text: 'short', span: { start: 0, end: 0 } })
  })
  it('never gives a span outside of its text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: -5, max: 300 }),
        fc.integer({ min: -5, max: 300 }),
        fc.integer({ min: 1, max: 60 }),
        (value, start, end, most) => {
          const { text: cut, span } = excerpt({ value, start, end }, most)
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeLessThanOrEqual(cut.length)
        },
      ),
    )
  })
})

describe('marks in the raw record', () => {
  it('finds values as JSON writes them, and the matched part within', () => {
    const value = 'say "hi"\\there'
    const raw = JSON.stringify({ a: 1, text: value })
    const [span] = rawSpans(raw, [mark(1, value, 4, 8)])
    expect(raw.slice(span?.start, span?.end)).toBe('\\"hi\\"')
  })
  it('finds plain values, whole where no part is told', () => {
    const raw = 'Failed password for root from 192.0.2.9 port 4'
    const [span] = rawSpans(raw, [mark(1, '192.0.2.9', 0, 0)])
    expect(raw.slice(span?.start, span?.end)).toBe('192.0.2.9')
  })
  it('finds escaped slashes', () => {
    const raw = '{"url":"\\/uploads\\/a.php"}'
    const [span] = rawSpans(raw, [mark(1, '/uploads/a.php', 0, 9)])
    expect(raw.slice(span?.start, span?.end)).toBe('\\/uploads\\/')
  })
  it('marks nothing where the value is not there', () =>
    expect(rawSpans('abc', [mark(1, 'zzz', 0, 1), mark(1, '', 0, 0)])).toEqual([]))
})

describe('ends', () => {
  const end = (more: Partial<Alert['source']>) => ({ ip: null, port: null, name: null, ...more })
  it('are source and destination where the record has them', () => {
    const { from, to } = endsOf(
      alert(1, { source: end({ ip: '192.0.2.1' }), destination: end({ ip: '192.0.2.2', port: 80, name: 'web' }) }),
    )
    expect([endName(from), endName(to)]).toEqual(['192.0.2.1', 'web'])
  })
  it('are asset and user of a host event', () => {
    const none = { source: end({}), destination: end({}), asset: 'ws-1', user: 'ann' }
    expect(Object.values(endsOf(alert(1, none))).map(endName)).toEqual(['ws-1', 'ann'])
    expect(Object.values(endsOf(alert(1, { ...none, source: end({ name: 'ws-1' }) }))).map(endName)).toEqual(['ws-1', 'ann'])
    expect(Object.values(endsOf(alert(1, { ...none, source: end({ ip: '192.0.2.7' }) }))).map(endName)).toEqual([
      '192.0.2.7',
      'ws-1',
    ])
  })
  it('have owners with initials', () =>
    expect(['M. Seo', 'operator', '한서진', 'ann.lee', ''].map(initials)).toEqual(['MS', 'OP', '한', 'AL', '']))
})

describe('pivots', () => {
  it('lead to queries that parse, around the alert', () => {
    const pivots = pivotsOf(
      alert(1, {
        asset: 'odd "name" and x',
        user: 'CORP\\ann',
        source: { ip: '2001:db8::1', port: 5, name: null },
        destination: { ip: '192.0.2.2', port: 80, name: null },
      }),
    )
    expect(pivots.map(({ id }) => id)).toEqual(['pair', 'source', 'destination', 'asset', 'user', 'minutes'])
    for (const { where, window } of pivots) {
      expect(parseQuery(where).ok, where).toBe(true)
      expect(window.from! < '2026-11-19T17:00:00Z' && window.to! > '2026-11-19T17:00:00Z').toBe(true)
    }
  })
})

describe('snoozing until morning', () => {
  it('is always ahead, at eight, within a day and an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 41 }), (now) => {
        const morning = nextMorning(now)
        expect(new Date(morning).getHours()).toBe(8)
        expect(morning).toBeGreaterThan(now)
        expect(morning - now).toBeLessThanOrEqual(25 * 3_600_000)
      }),
    )
  })
})

describe('around it', () => {
  it('zooms within its steps', () => {
    expect(zoomed(20, 1)).toBe(10)
    expect(zoomed(20, -1)).toBe(60)
    expect(zoomed(1, 1)).toBe(1)
    expect(zoomed(1440, -1)).toBe(1440)
    for (const minutes of ZOOMS) expect(ZOOMS).toContain(zoomed(minutes, 1))
  })
  it('labels round times', () => {
    const from = Date.UTC(2026, 10, 19, 18, 1)
    expect(roundTimes(from, from + 40 * 60_000).map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '18:10',
      '18:20',
      '18:30',
      '18:40',
    ])
    for (const minutes of ZOOMS) expect(roundTimes(from, from + minutes * 120_000).length).toBeLessThanOrEqual(6)
  })
})
