import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import type { AlertDelta, AlertPage } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { StreamListener } from '../../../shared/rpc/kinds.ts'
import type { WatchfloorClient } from '../../client/types.ts'
import { FOLLOW_MS, QueueFeed } from './queue-feed.ts'

type Page = z.infer<typeof AlertPage>
type Delta = z.infer<typeof AlertDelta>
const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id,
  kind: 'sig',
  detection: '1:1',
  title: 'T',
  severity: 'medium',
  attack: [],
  category: null,
  source: { ip: null, port: null, name: null },
  destination: { ip: null, port: null, name: null },
  asset: '',
  user: null,
  count: 1,
  first: '2026-11-19T17:00:00Z',
  last: '2026-11-19T17:00:00Z',
  raised: '2999-11-19T17:00:00Z',
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
const page = (ids: readonly string[], after: string | null = null): Page => ({
  alerts: ids.map((id) => alert(id)),
  total: ids.length,
  after,
})

/** A client whose answers are given by hand. */
function client() {
  const asked: { input: Record<string, unknown>; answer(result: Result<Page>): void; aborted(): boolean }[] = []
  let listener: StreamListener<Delta> | null = null
  let streams = 0
  const made = {
    query: (_name: string, input: Record<string, unknown>, options?: { signal?: AbortSignal }) =>
      new Promise<Result<Page>>((resolve) =>
        asked.push({ input, answer: resolve, aborted: () => options?.signal?.aborted === true }),
      ),
    stream: (_name: string, _input: unknown, given: StreamListener<Delta>) => {
      listener = given
      streams += 1
      given.reset?.()
      return {
        cancel: () => {
          listener = null
        },
      }
    },
  }
  return {
    client: made as unknown as WatchfloorClient,
    asked,
    tell: (delta: Partial<Delta>) => void listener?.next({ changed: [], removed: [], total: 0, overflow: false, ...delta }),
    reconnect: () => listener?.reset?.(),
    get streams() {
      return streams
    },
    get listening() {
      return listener !== null
    },
  }
}
const settle = (): Promise<void> => new Promise((resolve) => queueMicrotask(() => queueMicrotask(resolve)))

describe('the feed', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())
  const started = async (ids = ['1', '2'], after: string | null = null) => {
    const fake = client()
    const feed = new QueueFeed(fake.client)
    feed.show({ where: 'a' }, 'urgency')
    fake.asked[0]?.answer(ok(page(ids, after)))
    await settle()
    return { fake, feed, rows: () => feed.state().queue.rows.map(({ id }) => id) }
  }
  it('asks once and watches once', async () => {
    const { fake, feed, rows } = await started()
    expect([fake.asked.length, fake.streams, feed.state().loaded, feed.state().loading]).toEqual([1, 1, true, false])
    expect(rows()).toEqual(['1', '2'])
    feed.show({ where: 'a' }, 'urgency')
    expect([fake.asked.length, fake.streams]).toEqual([1, 1])
  })
  it('keeps the rows of the last filter until those of the next are there, and drops late answers', async () => {
    const { fake, feed, rows } = await started()
    feed.show({ where: 'b' }, 'urgency')
    feed.show({ where: 'c' }, 'urgency')
    expect(rows()).toEqual(['1', '2'])
    expect([fake.asked[1]?.aborted(), feed.state().loaded]).toEqual([true, false])
    fake.asked[1]?.answer(ok(page(['8'])))
    await settle()
    expect(rows()).toEqual(['1', '2'])
    fake.asked[2]?.answer(ok(page(['9'])))
    await settle()
    expect(rows()).toEqual(['9'])
  })
  it('lets what the window has left stand dimmed where it was, and lets it go while it follows', async () => {
    const { fake, feed, rows } = await started()
    const since = (from: string) => feed.show({ where: 'a', window: { from, to: null } }, 'urgency')
    since('2026-11-19T16:00:00Z')
    expect(feed.state().loaded).toBe(false)
    fake.asked[1]?.answer(ok(page(['1', '2'])))
    await settle()
    since('2026-11-19T16:01:00Z')
    expect([feed.state().loaded, feed.state().loading, fake.streams]).toEqual([true, false, 3])
    fake.asked[2]?.answer(ok(page(['2'])))
    await settle()
    expect([rows(), [...feed.state().queue.left]]).toEqual([['1', '2'], ['1']])
    feed.follow(true)
    fake.asked[3]?.answer(ok(page(['2'])))
    await settle()
    since('2026-11-19T16:02:00Z')
    expect([feed.state().loaded, rows()]).toEqual([true, ['2']])
    fake.asked[4]?.answer(ok(page([])))
    await settle()
    expect(rows()).toEqual([])
    expect(fake.asked[4]?.input['window']).toEqual({ from: '2026-11-19T16:02:00Z', to: null })
  })
  it('keeps the rows where the filter is refused', async () => {
    const { fake, feed, rows } = await started()
    feed.show({ where: '(' }, 'urgency')
    fake.asked[1]?.answer(
      fail({ code: 'query_syntax', message: '', offset: 0, length: 1, key: 'x', values: {}, suggestions: [] }),
    )
    await settle()
    expect([rows(), feed.state().error?.code]).toEqual([['1', '2'], 'query_syntax'])
  })
  it('holds what is new, unless it follows', async () => {
    const { fake, feed, rows } = await started()
    fake.tell({ changed: [alert('7')], total: 3 })
    expect([rows(), feed.state().queue.held.size]).toEqual([['1', '2'], 1])
    feed.follow(true)
    fake.asked[1]?.answer(ok(page(['7', '1', '2'])))
    await settle()
    expect([rows(), feed.state().queue.held.size]).toEqual([['7', '1', '2'], 0])
    fake.tell({ changed: [alert('8')] })
    fake.tell({ changed: [alert('9'), alert('1', { revision: 2, count: 5 })], removed: ['2'], total: 4 })
    expect([rows(), feed.state().queue.total, fake.asked.length]).toEqual([['9', '8', '7', '1'], 4, 2])
    expect(feed.state().queue.rows.at(-1)?.count).toBe(5)
    vi.advanceTimersByTime(FOLLOW_MS)
    expect(fake.asked).toHaveLength(2)
  })
  it('asks anew while it follows where what is told is not enough', async () => {
    const { fake, feed } = await started()
    feed.follow(true)
    // On its way already: what is told meanwhile may be newer than the answer.
    fake.tell({ changed: [alert('8')] })
    fake.tell({ changed: [alert('9')] })
    expect(fake.asked).toHaveLength(2)
    vi.advanceTimersByTime(FOLLOW_MS)
    expect(fake.asked).toHaveLength(3)
    fake.asked[2]?.answer(ok(page(['9', '8', '2', '1'])))
    await settle()
    fake.tell({ overflow: true })
    vi.advanceTimersByTime(FOLLOW_MS)
    expect(fake.asked).toHaveLength(4)
    fake.asked[3]?.answer(ok(page(['9', '8', '2', '1'])))
    await settle()
    feed.show({ where: 'a' }, 'title')
    fake.asked[4]?.answer(ok(page(['9', '8', '2', '1'])))
    await settle()
    fake.tell({ changed: [alert('10')] })
    vi.advanceTimersByTime(FOLLOW_MS)
    expect(fake.asked).toHaveLength(6)
  })
  it('catches up after a reconnect without moving a row', async () => {
    const { fake, feed, rows } = await started()
    fake.reconnect()
    expect(fake.asked).toHaveLength(2)
    fake.asked[1]?.answer(ok({ alerts: [alert('5'), alert('2', { revision: 2, count: 9 })], total: 2, after: null }))
    await settle()
    expect(rows()).toEqual(['1', '2'])
    expect([[...feed.state().queue.left], [...feed.state().queue.held.keys()]]).toEqual([['1'], ['5']])
  })
  it('catches up also where the page is drawn anew meanwhile', async () => {
    const { fake, feed } = await started()
    fake.reconnect()
    feed.show({ where: 'a' }, 'urgency')
    fake.asked[1]?.answer(ok({ alerts: [alert('1'), alert('2'), alert('5')], total: 3, after: null }))
    await settle()
    expect([...feed.state().queue.held.keys()]).toEqual(['5'])
  })
  it('tries again to catch up where that failed', async () => {
    const { fake, feed } = await started()
    fake.reconnect()
    fake.asked[1]?.answer(fail({ code: 'internal', message: 'not now', correlationId: 'x' }))
    await settle()
    vi.advanceTimersByTime(5000)
    expect(fake.asked).toHaveLength(3)
    fake.asked[2]?.answer(ok({ alerts: [alert('1'), alert('2'), alert('5')], total: 3, after: null }))
    await settle()
    expect([...feed.state().queue.held.keys()]).toEqual(['5'])
    feed.stop()
    vi.advanceTimersByTime(5000)
    expect(fake.asked).toHaveLength(3)
  })
  it('asks again after a reconnect where nothing was loaded yet', async () => {
    const fake = client()
    const feed = new QueueFeed(fake.client)
    feed.show({}, 'urgency')
    fake.asked[0]?.answer(fail({ code: 'engine_gone', message: '' }))
    await settle()
    expect(feed.state().error).toBeNull()
    fake.reconnect()
    fake.asked[1]?.answer(ok(page(['1'])))
    await settle()
    expect(feed.state().loaded).toBe(true)
  })
  it('compares where too much has changed to be told', async () => {
    const { fake } = await started()
    fake.tell({ overflow: true })
    expect(fake.asked).toHaveLength(2)
  })
  it('shows what comes where nothing is on screen', async () => {
    const { fake, rows } = await started([])
    fake.tell({ changed: [alert('7')] })
    expect(rows()).toEqual(['7'])
  })
  it('loads one page at a time', async () => {
    const { fake, feed, rows } = await started(['1', '2'], 'p2')
    feed.more()
    feed.more()
    expect([fake.asked.length, fake.asked[1]?.input['after'], feed.state().loadingMore]).toEqual([2, 'p2', true])
    fake.asked[1]?.answer(ok(page(['2', '3'])))
    await settle()
    expect([rows(), feed.state().loadingMore]).toEqual([['1', '2', '3'], false])
    feed.more()
    expect(fake.asked).toHaveLength(2)
  })
  it('shows the answer to a decision, and lets go when it is stopped', async () => {
    const { fake, feed } = await started()
    feed.patch([alert('1', { state: 'decided', revision: 2 })])
    expect([...feed.state().queue.left]).toEqual(['1'])
    feed.refresh()
    feed.stop()
    expect([fake.listening, fake.asked[1]?.aborted()]).toEqual([false, true])
    feed.show({ where: 'a' }, 'urgency')
    expect(fake.listening).toBe(true)
  })
})
