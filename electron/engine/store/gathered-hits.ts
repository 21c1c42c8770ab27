/**
 * Hits that are stored in their partition and not applied to alerts yet. While much is imported they are gathered for a moment:
 * those of one alert then change it once. What is lost of them here is found again in the partition.
 */
import type { StoredHit } from './partition-writer.ts'

/** A commit of fewer events is live: somebody may be watching, and its hits are applied at once. */
export const BULK_ROWS = 2048
const MOST_HITS = 4000
/** Milliseconds. */
const LONGEST = 1000

export class GatheredHits {
  #hits: StoredHit[] = []
  #sources: { readonly source: string; readonly upTo: number }[] = []
  #since = 0
  readonly #bulkRows: number

  constructor(bulkRows: number) {
    this.#bulkRows = bulkRows
  }

  get size(): number {
    return this.#hits.length
  }

  /** Hits of one commit, in order. `now` in milliseconds. True where they must be applied now. */
  add(source: string, hits: readonly StoredHit[], rows: number, now: number): boolean {
    const last = hits.at(-1)
    if (last) {
      if (this.#hits.length === 0) this.#since = now
      this.#hits.push(...hits)
      this.#sources.push({ source, upTo: last.seq })
    }
    return this.#hits.length > 0 && (rows < this.#bulkRows || this.#hits.length >= MOST_HITS || now - this.#since >= LONGEST)
  }

  /** All of them; none are left. `sourceOf` says which source a hit came from. */
  take(): { readonly hits: readonly StoredHit[]; readonly sourceOf: (seq: number) => string | undefined } {
    const [hits, sources] = [this.#hits, this.#sources]
    this.#hits = []
    this.#sources = []
    return { hits, sourceOf: (seq) => sources.find(({ upTo }) => seq <= upTo)?.source }
  }
}
