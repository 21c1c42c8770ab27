/** One stream of bytes (a file, a pipe) → segments of a feed, each with the position after it. */
import { hash } from 'node:crypto'
import { basename } from 'node:path'
import type { CsvMapping } from '../../../shared/model/source.ts'
import { type Chunk, type Framer } from './framer.ts'
import { createFramer } from './framing.ts'
import { csvState } from './normalise/csv.ts'
import type { Feed } from './pipeline.ts'
import type { Format } from './recognise-log.ts'
import type { Reading } from './work.ts'

export interface LogStart {
  readonly offset: number
  readonly records: number
  /** The bytes just before `offset`. */
  readonly tail: Uint8Array
  readonly parserState: string | null
}
export const FROM_START: LogStart = { offset: 0, records: 0, tail: new Uint8Array(0), parserState: null }

export interface LogReaderOptions {
  readonly feed: Feed
  readonly origin: string
  /** `Position.file`; null for what cannot be taken up again (a pipe). */
  readonly file: string | null
  readonly format: Format
  readonly zone: string
  readonly csv: CsvMapping | undefined
  readonly start?: LogStart
  /** What is stored as `Position.tail`; by default {@link tailHash} of the bytes before the position. */
  readonly tail?: () => string
}

/** How a position remembers the bytes before it. */
export const tailHash = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex').slice(0, 32)

export class LogReader {
  readonly #options: LogReaderOptions
  readonly #framer: Framer
  readonly #stream: number
  readonly #reading: Reading
  /** Records that were sent reach to here. */
  offset: number
  records: number
  tail: Uint8Array

  constructor(options: LogReaderOptions) {
    const start = options.start ?? FROM_START
    this.#options = options
    const delimiter = csvState(start.parserState)?.delimiter ?? options.csv?.delimiter
    this.#framer = createFramer(options.format.framing, { ...start, delimiter })
    this.#stream = options.feed.open(options.format.stateless)
    this.#reading = {
      format: options.format.id,
      zone: options.zone,
      csv: options.csv,
      fileName: basename(options.origin),
      parserState: start.parserState,
    }
    this.offset = start.offset
    this.records = start.records
    this.tail = start.tail
  }

  get format(): Format {
    return this.#options.format
  }
  /** Bytes that are no whole record yet. */
  get partial(): number {
    return this.#framer.waiting
  }

  /** Takes the next bytes; full chunks go on their way at once. */
  push(bytes: Uint8Array): void {
    this.#framer.push(bytes)
    for (let chunk = this.#framer.take(); chunk !== null; chunk = this.#framer.take()) this.#send(chunk, false)
  }

  /** Sends what whole records there are: nothing more is there to read just now. */
  flush(): void {
    for (let chunk = this.#framer.take(true); chunk !== null; chunk = this.#framer.take(true)) this.#send(chunk, false)
  }

  /** The stream is over: an unterminated last line counts as a record. `complete`: it will not grow. */
  finish(complete: boolean): void {
    this.#framer.finish()
    let last = this.#framer.take(true)
    for (let next = last && this.#framer.take(true); next !== null; next = this.#framer.take(true)) {
      this.#send(last!, false)
      last = next
    }
    if (last !== null) this.#send(last, complete)
    else if (complete) this.#send(this.#nothing(), true)
    this.close()
  }

  /** No more bytes come; a partial record is left for another time. */
  close(): void {
    this.#options.feed.close(this.#stream)
  }

  #nothing(): Chunk {
    return {
      bytes: new Uint8Array(0),
      bounds: new Uint32Array(0),
      offset: this.offset,
      record: this.records + 1,
      refused: null,
      end: this.offset,
      records: this.records,
      tail: Uint8Array.from(this.tail),
    }
  }

  #send(chunk: Chunk, complete: boolean): void {
    const { feed, origin, file, tail } = this.#options
    this.offset = chunk.end
    this.records = chunk.records
    this.tail = chunk.tail
    feed.send({
      stream: this.#stream,
      reading: this.#reading,
      origin,
      chunk,
      numbered: true,
      position: file === null ? null : { file, tail: tail?.() ?? tailHash(chunk.tail), complete },
    })
  }
}
