import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../shared/model/alert.ts'
import { SEVERITIES, severityRank } from '../../../shared/model/severity.ts'
import { followDelta } from './follow.ts'
import { firstPage } from './queue.ts'

const iso = (n: number): string => new Date(Date.UTC(2026, 10, 20) + n * 1000).toISOString()
const alert = (id: number, severity: number, raised: number, last: number, count: number, revision: number): Alert => ({
  id: String(id),
  kind: 'sig',
  detection: '1:1',
  title: 'T',
  severity: SEVERITIES[severity]!,
  attack: [],
  category: null,
  source: { ip: null, port: null, name: null },
  destination: { ip: null, port: null, name: null },
  asset: '',
  user: null,
  count,
  first: iso(0),
  last: iso(last),
  raised: iso(raised),
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
  spark: [],
  revision,
})
type Key = (a: Alert) => number[]
const keys: Record<'urgency' | 'newest' | 'oldest' | 'count', Key> = {
  urgency: (a) => [-severityRank(a.severity), -Date.parse(a.raised), -Number(a.id)],
  newest: (a) => [-Date.parse(a.last), -Number(a.id)],
  oldest: (a) => [Date.parse(a.last), Number(a.id)],
  count: (a) => [-a.count, -Date.parse(a.last), -Number(a.id)],
}
const sorted = (alerts: Iterable<Alert>, key: Key): Alert[] =>
  [...alerts].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    const at = x.findIndex((value, i) => value !== y[i])
    return at < 0 ? 0 : x[at]! - y[at]!
  })

describe('following', () => {
  it('shows after every delta what asking again would show', () => {
    const small = fc.nat({ max: 4 })
    const change = fc.tuple(fc.nat({ max: 12 }), small, small, small, fc.boolean())
    fc.assert(
      fc.property(
        fc.constantFrom('urgency' as const, 'newest' as const, 'oldest' as const, 'count' as const),
        fc.array(fc.tuple(small, small, small), { minLength: 1, maxLength: 9 }),
        fc.nat({ max: 8 }),
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }),
        (order, first, cut, deltas) => {
          let revision = 1
          const truth = new Map<string, Alert>()
          const raised = new Map<number, number>()
          first.forEach(([severity, last, count], i) => {
            raised.set(i, i % 3)
            truth.set(String(i), alert(i, severity, i % 3, last, count, revision))
          })
          const all = sorted(truth.values(), keys[order])
          // A page that ends before the end, or all.
          const size = cut === 0 ? all.length : Math.min(cut, all.length)
          const after = size < all.length ? 'next' : null
          const edge = all[size - 1]!
          let queue = firstPage({ alerts: all.slice(0, size), total: all.length, after }, 0)
          for (const delta of deltas) {
            const changed = new Map<string, Alert>()
            const removed = new Set<string>()
            for (const [id, severity, last, count, gone] of delta) {
              const key = String(id)
              changed.delete(key)
              removed.delete(key)
              if (gone) {
                truth.delete(key)
                removed.add(key)
              } else {
                raised.set(id, raised.get(id) ?? id % 3)
                const made = alert(id, severity, raised.get(id)!, last, count, ++revision)
                truth.set(key, made)
                changed.set(key, made)
              }
            }
            const next = followDelta(
              queue,
              { changed: [...changed.values()], removed: [...removed], total: truth.size, overflow: false },
              order,
            )
            if (next === null) return
            queue = next
            const now = sorted(truth.values(), keys[order])
            const expected =
              after === null ? now : now.filter((row) => row === edge || sorted([row, edge], keys[order])[0] === row)
            expect(queue.rows.map((row) => [row.id, row.revision])).toEqual(expected.map((row) => [row.id, row.revision]))
            expect(queue.total).toBe(truth.size)
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})
