/**
 * Keys whose hits join an open alert, as far as this writer knows: what a hit would raise an alert from need not be stored then.
 * Nobody but the writer changes alerts, so what it has seen holds until somebody acts on one.
 */
import type { Hit } from './hits.ts'

const MOST_KEYS = 50_000

export class JoiningKeys {
  readonly #spans = new Map<string, { first: number; last: number }>()

  /** Whether a hit joins those before it. One that brings the text of its detection is not meant: that must be kept. */
  joins({ key, first, last, body }: Hit, window: number): boolean {
    const span = this.#spans.get(key)
    return span !== undefined && body.text === null && span.first - window <= last && span.last + window >= first
  }

  /** The hit is stored: an alert spans its time now, or will when it is applied. */
  add({ key, first, last }: Pick<Hit, 'key' | 'first' | 'last'>, window: number): void {
    const span = this.#spans.get(key)
    if (span !== undefined && span.first - window <= last && span.last + window >= first) {
      span.first = Math.min(span.first, first)
      span.last = Math.max(span.last, last)
      return
    }
    if (this.#spans.size >= MOST_KEYS) this.#spans.clear()
    this.#spans.set(key, { first, last })
  }

  /** Alerts were changed otherwise than by hits, or hits were lost. */
  forget(): void {
    this.#spans.clear()
  }
}
