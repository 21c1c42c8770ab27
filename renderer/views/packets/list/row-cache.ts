/**
 * Rows by their index in the view, fetched in pages. What is on screen comes first, what was scrolled past is not asked for any more,
 * and no more than {@link KEPT} pages are held.
 */
import type { PacketRow } from '../../../../shared/model/capture.ts'
import type { Result, WatchfloorError } from '../../../../shared/model/result.ts'

export const PAGE = 200
export const KEPT = 60
const AT_ONCE = 2

export type RowSource = (
  from: number,
  count: number,
) => Promise<Result<{ readonly rows: readonly PacketRow[]; readonly total: number }>>

interface Page {
  rows: readonly PacketRow[]
  used: number
  /** How many rows there were in all when it was read. */
  readonly total: number
  /** What it says may have changed: it is shown until it has been read again. */
  stale: boolean
}

export class RowCache {
  readonly #source: RowSource
  readonly #pages = new Map<number, Page>()
  readonly #loading = new Set<number>()
  readonly #listeners = new Set<() => void>()
  #wanted: readonly number[] = []
  #turn = 0
  #version = 0
  #total = 0
  #closed = false
  /** Why the last page could not be read. */
  error: WatchfloorError | null = null

  constructor(source: RowSource) {
    this.#source = source
  }

  /** Another number after each change, for `useSyncExternalStore`. */
  readonly version = (): number => this.#version
  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed)
    return () => void this.#listeners.delete(changed)
  }
  /** What the engine said last; rows that come in are told by {@link grow}. */
  get total(): number {
    return this.#total
  }

  row(index: number): PacketRow | null {
    const page = this.#pages.get(Math.floor(index / PAGE))
    return page?.rows[index % PAGE] ?? null
  }

  /** Rows `first` to before `end` are on screen. */
  want(first: number, end: number): void {
    const pages: number[] = []
    for (let page = Math.floor(Math.max(0, first) / PAGE); page * PAGE < end; page++) pages.push(page)
    this.#wanted = pages
    this.#turn++
    for (const page of pages) {
      const held = this.#pages.get(page)
      if (held) held.used = this.#turn
    }
    this.#load()
  }

  /** There are more rows: a page that was not full is asked for again. */
  grow(total: number): void {
    if (total === this.#total) return
    this.#total = total
    this.#load()
    this.#changed()
  }

  /** The first row that fits, of those that are held. */
  find(fits: (row: PacketRow) => boolean): { readonly index: number; readonly row: PacketRow } | null {
    for (const [page, { rows }] of this.#pages) {
      const at = rows.findIndex(fits)
      const row = rows[at]
      if (row) return { index: page * PAGE + at, row }
    }
    return null
  }

  /** Changes rows that are held, for what the page knows before it asks again. */
  patch(fits: (row: PacketRow) => boolean, change: (row: PacketRow) => PacketRow): void {
    for (const page of this.#pages.values())
      if (page.rows.some(fits)) page.rows = page.rows.map((row) => (fits(row) ? change(row) : row))
    this.#changed()
  }

  /** What rows say may have changed: those on screen are read again, and shown as they were until then. */
  renew(): void {
    for (const page of this.#pages.values()) page.stale = true
    this.#load()
  }

  /** What could not be read is tried again. */
  retry(): void {
    this.error = null
    this.#load()
    this.#changed()
  }

  /** Answers that are still on their way change nothing any more. */
  close(): void {
    this.#closed = true
  }
  /** Answers count again. */
  open(): void {
    this.#closed = false
    this.#load()
  }

  #isWhole(page: number): boolean {
    const held = this.#pages.get(page)
    return held !== undefined && !held.stale && (held.rows.length === PAGE || held.total >= this.#total)
  }
  #load(): void {
    if (this.error) return
    for (const page of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return
      if (this.#isWhole(page) || this.#loading.has(page) || page * PAGE >= Math.max(1, this.#total)) continue
      this.#loading.add(page)
      void this.#fetch(page)
    }
  }
  async #fetch(page: number): Promise<void> {
    const before = this.#total
    const answer = await this.#source(page * PAGE, PAGE)
    this.#loading.delete(page)
    if (this.#closed) return
    if (answer.ok) {
      const { rows, total } = answer.value
      // An answer that took its time may know of fewer rows than have been told of meanwhile.
      if (this.#total === before) this.#total = total
      this.#pages.set(page, { rows, used: this.#turn, total: Math.max(before, total), stale: false })
      this.#forget()
    } else this.error = answer.error
    this.#load()
    this.#changed()
  }
  #forget(): void {
    if (this.#pages.size <= KEPT) return
    const oldest = [...this.#pages].sort((a, b) => a[1].used - b[1].used).slice(0, this.#pages.size - KEPT)
    for (const [page] of oldest) this.#pages.delete(page)
  }
  #changed(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}
