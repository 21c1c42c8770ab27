/** What a person should know of one file that is scanned: records that could not be read, and why; records without a time. */
import type { Sentence } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import type { ParseResult } from '../ingest/parsers/define.ts'

/** Reasons that are told of one file; what is more is counted. */
const MOST_REASONS = 100

export class FileNotes {
  readonly #path: string
  readonly #say: (note: string) => void
  #rejected = 0
  #timeless = 0

  constructor(path: string, say: (note: string) => void) {
    this.#path = path
    this.#say = say
  }

  get rejected(): number {
    return this.#rejected
  }

  /** `record`: its number in the file, 1-based, where it is a record. */
  reject(why: string | Sentence, record?: number): void {
    this.#rejected++
    const place = record === undefined ? this.#path : `${this.#path}:${record}`
    if (this.#rejected <= MOST_REASONS) this.#say(`${place}: ${typeof why === 'string' ? why : inEnglish(why)}`)
  }

  /** Notes a record that is no event; true for one that is. */
  isEvent(parsed: ParseResult, record: number): boolean {
    if (parsed === 'event') return true
    this.reject(parsed === 'header' ? 'no event' : parsed.rejected, record)
    return false
  }

  timeless(): void {
    this.#timeless++
  }

  /** The whole file was read. */
  finish(): void {
    if (this.#rejected > 0) this.#say(`${this.#path}: records that could not be read: ${this.#rejected}`)
    if (this.#timeless > 0)
      this.#say(`${this.#path}: records without a time that can be read, which have that of reading them: ${this.#timeless}`)
  }
}
