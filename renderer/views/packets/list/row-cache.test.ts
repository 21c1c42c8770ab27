import { describe, expect, it } from 'vitest'
import type { PacketRow } from '../../../../shared/model/capture.ts'
import { fail, ok } from '../../../../shared/model/result.ts'
import { KEPT, PAGE, RowCache, type RowSource } from './row-cache.ts'

const rowOf = (number: number): PacketRow => ({
  number,
  seconds: number,
  nanos: 0,
  source: '192.0.2.1',
  destination: '192.0.2.2',
  sourcePort: null,
  destinationPort: null,
  protocol: 'ICMP',
  captured: 60,
  wire: 60,
  info: '',
  flow: null,
  direction: 0,
  signs: [],
  marked: false,
  comments: [],
  fields: {},
})

/** Answers when it is told to. */
function slow(total: { now: number }) {
  const asked: { from: number; answer(): void }[] = []
  const source: RowSource = (from, count) =>
    new Promise((resolve) => {
      asked.push({
        from,
        answer: () => {
          const rows = Array.from({ length: Math.max(0, Math.min(count, total.now - from)) }, (_, at) => rowOf(from + at + 1))
          resolve(ok({ rows, total: total.now }))
        },
      })
    })
  return { asked, source }
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('rows by index', () => {
  it('come in pages, those on screen first', async () => {
    const { asked, source } = slow({ now: 10_000 })
    const cache = new RowCache(source)
    cache.grow(10_000)
    cache.want(350, 410)
    expect(asked.map(({ from }) => from)).toEqual([200, 400])
    expect(cache.row(350)).toBeNull()
    for (const one of asked) one.answer()
    await settle()
    expect(cache.row(350)?.number).toBe(351)
    cache.want(350, 410)
    expect(asked).toHaveLength(2)
  })
  it('do not ask for what was scrolled past', async () => {
    const { asked, source } = slow({ now: 1_000_000 })
    const cache = new RowCache(source)
    cache.grow(1_000_000)
    for (let first = 0; first < 100_000; first += 1000) cache.want(first, first + 30)
    expect(asked).toHaveLength(2)
    for (const one of asked.slice()) one.answer()
    await settle()
    expect(asked.at(-1)?.from).toBe(99_000)
    expect(asked).toHaveLength(3)
  })
  it('hold no more than they may', async () => {
    const cache = new RowCache(async (from, count) =>
      ok({ rows: Array.from({ length: count }, (_, at) => rowOf(from + at + 1)), total: 1_000_000 }),
    )
    cache.grow(1_000_000)
    for (let page = 0; page < KEPT + 20; page++) {
      cache.want(page * PAGE, page * PAGE + 10)
      await settle()
    }
    expect(cache.row(0)).toBeNull()
    expect(cache.row((KEPT + 19) * PAGE)).not.toBeNull()
    expect(cache.row(20 * PAGE)).not.toBeNull()
  })
  it('come in while a capture is read', async () => {
    const total = { now: 120 }
    const { asked, source } = slow(total)
    const cache = new RowCache(source)
    cache.grow(120)
    cache.want(100, 140)
    asked[0]?.answer()
    await settle()
    expect(cache.row(119)?.number).toBe(120)
    expect(cache.row(130)).toBeNull()
    total.now = 150
    cache.grow(150)
    asked[1]?.answer()
    await settle()
    expect(cache.row(130)?.number).toBe(131)
    expect(asked).toHaveLength(2)
  })
  it('do not ask without end where fewer come than were promised', async () => {
    let asked = 0
    const cache = new RowCache(async () => {
      asked++
      return ok({ rows: [rowOf(1)], total: 500 })
    })
    cache.grow(500)
    cache.want(0, 30)
    for (let turn = 0; turn < 20; turn++) await settle()
    expect(asked).toBeLessThan(4)
  })
  it('say why they could not be read, and try again when told', async () => {
    let works = false
    const cache = new RowCache(async (from, count) =>
      works
        ? ok({ rows: Array.from({ length: count }, (_, at) => rowOf(from + at + 1)), total: 1000 })
        : fail({ code: 'not_found', message: 'no such view' }),
    )
    cache.grow(1000)
    cache.want(0, 10)
    await settle()
    expect(cache.error?.code).toBe('not_found')
    works = true
    cache.retry()
    await settle()
    expect(cache.error).toBeNull()
    expect(cache.row(0)?.number).toBe(1)
  })
  it('are read again when what they say may have changed, and stay until then', async () => {
    let comment = ''
    const cache = new RowCache(async (from, count) =>
      ok({ rows: Array.from({ length: count }, (_, at) => ({ ...rowOf(from + at + 1), info: comment })), total: 1000 }),
    )
    cache.grow(1000)
    cache.want(0, 10)
    await settle()
    comment = 'new'
    cache.renew()
    expect(cache.row(0)?.info).toBe('')
    await settle()
    expect(cache.row(0)?.info).toBe('new')
  })
  it('are changed in place', async () => {
    const cache = new RowCache(async (from, count) =>
      ok({ rows: Array.from({ length: count }, (_, at) => rowOf(from + at + 1)), total: 200 }),
    )
    cache.grow(200)
    cache.want(0, 10)
    await settle()
    const before = cache.version()
    cache.patch(
      ({ number }) => number === 3,
      (row) => ({ ...row, marked: true }),
    )
    expect(cache.row(2)?.marked).toBe(true)
    expect(cache.row(3)?.marked).toBe(false)
    expect(cache.version()).not.toBe(before)
  })
})
