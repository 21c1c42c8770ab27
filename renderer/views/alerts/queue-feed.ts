/** The queue over the contract: first page, further pages, live changes, catching up after a reconnect. */
import type { z } from 'zod'
import type { AlertFilter } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import type { Subscription } from '../../../shared/rpc/kinds.ts'
import type { WatchfloorClient } from '../../client/types.ts'
import { engineNow } from '../../state/clock.ts'
import { followDelta } from './follow.ts'
import { applyDelta, applyOwn, catchUp, firstPage, nextPage, NO_QUEUE, type Queue } from './queue.ts'
import type { Order } from './queue-view.ts'

export type Filter = z.input<typeof AlertFilter>

export interface FeedState {
  readonly queue: Queue
  /** The first page is on its way. */
  readonly loading: boolean
  readonly loadingMore: boolean
  readonly error: WatchfloorError | null
  /** Whether the rows are of the filter that is asked for now. */
  readonly loaded: boolean
}

const PAGE = 200
const LARGEST_PAGE = 1000
/** While following, the queue is asked for anew at most this often (milliseconds), where what was told is not enough. */
export const FOLLOW_MS = 40
/** Milliseconds until catching up is tried again. */
const AGAIN_MS = 1000

/** The same, but that the window begins at another time: that of a range to now, which goes on. */
function hasMoved(before: Filter, after: Filter): boolean {
  const begins = ({ window }: Filter): boolean => typeof window?.from === 'string'
  const rest = (filter: Filter): string => JSON.stringify({ ...filter, window: { ...filter.window, from: null } })
  return begins(before) && begins(after) && after.window?.to === null && rest(before) === rest(after)
}

/** One queue on screen. `show` begins, `stop` ends; the rows of the last filter stay until those of the next are there. */
export class QueueFeed {
  #client: WatchfloorClient
  #state: FeedState = { queue: NO_QUEUE, loading: true, loadingMore: false, error: null, loaded: false }
  #listeners = new Set<() => void>()
  #filter: Filter = {}
  #order: Order = 'urgency'
  #following = false
  #subscription: Subscription | null = null
  #search: AbortController | null = null
  #more: AbortController | null = null
  #due: ReturnType<typeof setTimeout> | null = null
  #again: ReturnType<typeof setTimeout> | null = null

  constructor(client: WatchfloorClient) {
    this.#client = client
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly state = (): FeedState => this.#state

  /** Shows what fits, in this order, and keeps it up to date. Where only the window has moved on, the reader's place stays. */
  show(filter: Filter, order: Order): void {
    const same = JSON.stringify(filter) === JSON.stringify(this.#filter)
    const reordered = order !== this.#order
    const moved = !same && !reordered && this.#state.loaded && hasMoved(this.#filter, filter)
    // The same filter stays the same object: an answer that is on its way is still one to it.
    if (!same) this.#filter = filter
    this.#order = order
    if (!same || this.#subscription === null) this.#watch()
    if (moved && !this.#following) this.#compare()
    else if (moved) this.#ask()
    else if (!same || reordered || !this.#state.loaded) {
      this.#set({ loaded: false })
      this.#ask()
    }
  }

  stop(): void {
    this.#subscription?.cancel()
    this.#subscription = null
    this.#search?.abort()
    this.#more?.abort()
    if (this.#due) clearTimeout(this.#due)
    this.#due = null
    if (this.#again) clearTimeout(this.#again)
    this.#again = null
  }

  /** While on, rows come and go as they do in the engine. */
  follow(on: boolean): void {
    if (on && !this.#following) this.#ask()
    this.#following = on
  }

  /** Asks anew: held rows come in, rows that left go. */
  readonly refresh = (): void => this.#ask()

  /** Loads the next page, where there is one. */
  readonly more = (): void => {
    const { after } = this.#state.queue
    if (after === null || !this.#state.loaded || this.#more) return
    const controller = new AbortController()
    this.#more = controller
    this.#set({ loadingMore: true })
    void this.#client
      .query('alerts.search', { ...this.#filter, order: this.#order, limit: LARGEST_PAGE, after }, { signal: controller.signal })
      .then((found) => {
        if (this.#more === controller) this.#more = null
        if (controller.signal.aborted) return
        if (found.ok) this.#set({ loadingMore: false, queue: nextPage(this.#state.queue, found.value) })
        else this.#set({ loadingMore: false, error: found.error.code === 'engine_gone' ? null : found.error })
      })
  }

  /** The answer to one's own command, shown at once. */
  readonly patch = (alerts: readonly Alert[]): void => {
    const states = this.#filter.states ?? ['open']
    this.#set({ queue: applyOwn(this.#state.queue, alerts, ({ state }) => states.includes(state)) })
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  #ask(): void {
    this.#search?.abort()
    this.#more?.abort()
    this.#more = null
    const controller = new AbortController()
    this.#search = controller
    const asked = engineNow()
    const limit =
      this.#state.loaded && !this.#following
        ? Math.min(LARGEST_PAGE, Math.max(PAGE, Math.ceil(this.#state.queue.rows.length / PAGE) * PAGE))
        : PAGE
    this.#set({ loading: true, loadingMore: false, error: null })
    void this.#client
      .query('alerts.search', { ...this.#filter, order: this.#order, limit }, { signal: controller.signal })
      .then((found) => {
        if (controller.signal.aborted) return
        if (found.ok) this.#set({ loading: false, loaded: true, error: null, queue: firstPage(found.value, asked) })
        // A lost engine is shown by the frame; the stream's reset asks again.
        else this.#set({ loading: false, error: found.error.code === 'engine_gone' ? null : found.error })
      })
  }

  /** What has changed since: held and marked as left, nothing moved. */
  #compare(): void {
    const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, this.#state.queue.rows.length))
    const [filter, order] = [this.#filter, this.#order]
    void this.#client.query('alerts.search', { ...filter, order, limit }).then((found) => {
      if (this.#filter !== filter || this.#order !== order || this.#subscription === null) return
      if (found.ok) this.#set({ queue: catchUp(this.#state.queue, found.value, engineNow()) })
      // After a lost engine the stream's reset asks again; whatever else it was, what was missed must not stay so.
      else if (found.error.code !== 'engine_gone') this.#again ??= setTimeout(() => this.#retry(), AGAIN_MS)
    })
  }

  #retry(): void {
    this.#again = null
    if (this.#subscription !== null) this.#compare()
  }

  #watch(): void {
    this.#subscription?.cancel()
    let first = true
    this.#subscription = this.#client.stream('alerts.watch', this.#filter, {
      next: (delta) => {
        if (!this.#state.loaded) return
        const any = delta.overflow || delta.changed.length > 0 || delta.removed.length > 0
        // Where no row is on screen, none can move: what comes is shown.
        const following = this.#following || this.#state.queue.rows.length === 0
        // An answer that is on its way may be older than this: it is asked for once more.
        const followed = following && !this.#state.loading ? followDelta(this.#state.queue, delta, this.#order) : null
        this.#set({ queue: followed ?? applyDelta(this.#state.queue, delta, engineNow()) })
        if (followed !== null) return
        if (any && following) this.#soon()
        else if (delta.overflow) this.#compare()
      },
      reset: () => {
        if (!first) {
          if (this.#state.loaded && !this.#following) this.#compare()
          else this.#ask()
        }
        first = false
      },
    })
  }

  #soon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = null
      this.#ask()
    }, FOLLOW_MS)
  }
}
