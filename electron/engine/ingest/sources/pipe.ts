/** One stream of bytes that cannot be read twice, as a log. */
import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { say } from '../../../../shared/model/sentence.ts'
import { MAX_RECORD } from '../framer.ts'
import { LogReader } from '../log-reader.ts'
import { sentenceOf } from '../read-problem.ts'
import { formatById, recogniseHead, type Format } from '../recognise-log.ts'
import type { RunningSource, SourceContext } from './define.ts'

const HEAD_BYTES = 64 * 1024
/** How long bytes of unknown format may wait for more before they are taken as plain text. */
const UNDECIDED_MS = 2000
const FALLBACK = 'text'
/** How long whole records wait for others, and how many bytes of them. */
const GATHER_MS = 20
const GATHER_BYTES = 1024 * 1024

/** `open` gives the stream; where it throws, the source fails. */
export function startPipe(context: SourceContext<'stdin'>, open: () => Readable): RunningSource {
  let stream: Readable
  try {
    stream = open()
  } catch (error) {
    context.state('failed', say('stdin_failed', { why: sentenceOf(error) }))
    return { waiting: () => 0, close: async () => undefined }
  }
  return new Pipe(context, stream)
}

class Pipe implements RunningSource {
  readonly #context: SourceContext<'stdin'>
  readonly #stream: Readable
  #reader: LogReader | null = null
  /** What was read and is in no record that was sent. */
  #unsent: Buffer[] = []
  #unsentBytes = 0
  /** Position in the stream behind `#unsent`. */
  #read = 0
  #timer: NodeJS.Timeout | null = null
  #flushing: NodeJS.Timeout | null = null
  #over = false

  constructor(context: SourceContext<'stdin'>, stream: Readable) {
    this.#context = context
    this.#stream = stream
    stream.on('data', this.#data)
    stream.on('end', this.#end)
    stream.on('error', this.#failed)
    context.state('running', null)
    if (stream.readableEnded || stream.destroyed) this.#end()
    // Paused by the one who read it before.
    else stream.resume()
  }

  waiting(): number {
    return this.#read - (this.#reader?.offset ?? 0)
  }

  async close(): Promise<void> {
    if (this.#over) return
    this.#leave()
    this.#stream.pause()
    this.#flush()
    this.#reader?.close()
    // Whoever reads on finds the whole of the record that has begun.
    const sent = (this.#reader?.offset ?? 0) - (this.#read - this.#unsentBytes)
    if (sent >= 0 && sent < this.#unsentBytes) this.#stream.unshift(Buffer.concat(this.#unsent).subarray(sent))
  }

  readonly #data = (piece: Buffer | string): void => {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    this.#read += bytes.length
    this.#unsent.push(bytes)
    this.#unsentBytes += bytes.length
    if (this.#reader !== null) this.#push(bytes)
    else if (this.#unsentBytes >= HEAD_BYTES || bytes.includes(0x0a)) this.#decide(this.#unsentBytes >= HEAD_BYTES)
    if (this.#reader === null) this.#timer ??= setTimeout(() => this.#decide(true), UNDECIDED_MS)
    this.#gate()
  }

  readonly #end = (): void => {
    if (this.#over) return
    this.#finish()
    this.#context.state('done', null)
  }

  readonly #failed = (error: Error): void => {
    if (this.#over) return
    this.#finish()
    this.#context.state('failed', say('stdin_failed', { why: sentenceOf(error) }))
  }

  /** Nothing more comes: what there is of a last record is the record. */
  #finish(): void {
    if (this.#reader === null && this.#unsentBytes > 0) this.#decide(true, true)
    this.#leave()
    this.#reader?.finish(true)
    this.#unsent = []
    this.#unsentBytes = 0
  }

  #leave(): void {
    this.#over = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#flushing !== null) clearTimeout(this.#flushing)
    this.#stream.off('data', this.#data)
    this.#stream.off('end', this.#end)
    this.#stream.off('error', this.#failed)
  }

  /** Looks what format it is. `now`: something has to be taken. */
  #decide(now: boolean, whole = false): void {
    const { format: wanted, zone, csv } = this.#context.settings
    const bytes = Buffer.concat(this.#unsent)
    const text = bytes.toString('utf8', 0, HEAD_BYTES)
    const found = recogniseHead(text, '', whole)
    let format: Format | null = found
    if (wanted !== null) format = formatById(wanted, wanted !== 'text' && found?.framing === 'json' ? 'json' : undefined) ?? found
    if (format === null && now) format = formatById(FALLBACK)
    if (format === null) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#reader = new LogReader({ feed: this.#context.feed, origin: 'stdin', file: null, format, zone, csv })
    this.#push(bytes)
  }

  #push(bytes: Buffer): void {
    this.#reader!.push(bytes)
    if (this.#unsentBytes >= GATHER_BYTES) this.#flush()
    else
      this.#flushing ??= setTimeout(() => {
        this.#flush()
        this.#gate()
      }, GATHER_MS)
  }

  #flush(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing)
    this.#flushing = null
    const reader = this.#reader
    if (reader === null) return
    reader.flush()
    while (this.#unsent.length > 0 && this.#read - this.#unsentBytes + this.#unsent[0]!.length <= reader.offset)
      this.#unsentBytes -= this.#unsent.shift()!.length
    // A record that is refused for its length is not given back.
    if (this.#unsentBytes > 2 * MAX_RECORD) {
      this.#unsent = []
      this.#unsentBytes = 0
    }
  }

  #gate(): void {
    const { feed } = this.#context
    if (this.#over || (feed.hasRoom && feed.error === null)) return
    this.#stream.pause()
    // Whoever begins again reads on.
    if (feed.error !== null) return
    void feed.room().then(() => {
      if (!this.#over && feed.error === null) this.#stream.resume()
    })
  }
}
