/** Records that come one by one from many senders → segments of a feed, some times a second. */
import type { CsvMapping } from '../../../../shared/model/source.ts'
import { CHUNK_RECORDS, type Chunk, type Refused } from '../framer.ts'
import type { Feed } from '../pipeline.ts'
import type { Format } from '../recognise-log.ts'
import { SenderFormats } from './sender-formats.ts'
import type { RefusedRecord } from './syslog-framing.ts'

/** How long a record waits for others. */
const GATHER_MS = 20
/** So much is sent on at once. */
const GATHER_BYTES = 1024 * 1024

export interface ArrivalsOptions {
  readonly feed: Feed
  readonly format: string | null
  readonly zone: string
  readonly csv: CsvMapping | undefined
  /** After each time that records were put into the feed. */
  sent?(): void
}

/** One connection, or one address that sends datagrams. Made by {@link Arrivals.sender}. */
export class Sender {
  readonly origin: string
  readonly formats: SenderFormats
  /** Streams of formats whose parser keeps state. */
  readonly streams = new Map<string, number>()

  constructor(origin: string, wanted: string | null) {
    this.origin = origin
    this.formats = new SenderFormats(wanted)
  }
}

/** Records of one sender in one format. */
interface Gathered {
  readonly sender: Sender
  readonly format: Format
  bytes: Buffer
  filled: number
  readonly bounds: number[]
}

export class Arrivals {
  readonly #options: ArrivalsOptions
  /** Of formats whose records can be parsed alone: one stream for all senders. */
  readonly #streams = new Map<string, number>()
  #gathered = new Map<Sender, Map<string, Gathered>>()
  #timer: NodeJS.Timeout | null = null
  #bytes = 0
  #records = 0

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Bytes that are not in the feed yet. */
  get bytes(): number {
    return this.#bytes
  }

  sender(origin: string): Sender {
    return new Sender(origin, this.#options.format)
  }

  /** Takes a whole record; copies it. */
  add(sender: Sender, record: Uint8Array): void {
    const gathered = this.#of(sender, sender.formats.of(record))
    const needed = gathered.filled + record.length
    if (needed > gathered.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, gathered.bytes.length * 2, 1024))
      gathered.bytes.copy(grown, 0, 0, gathered.filled)
      gathered.bytes = grown
    }
    gathered.bytes.set(record, gathered.filled)
    gathered.bounds.push(gathered.filled, needed)
    gathered.filled = needed
    this.#count(record.length)
  }

  /** Takes a record that is none for a parser; copies what is kept of it. */
  refuse(sender: Sender, { length, reason, raw }: RefusedRecord): void {
    const gathered = this.#of(sender, sender.formats.of(raw))
    this.#take(gathered)
    this.#send(gathered, { offset: 0, record: 0, length, reason, raw: Uint8Array.from(raw) })
    this.#options.sent?.()
  }

  /** Puts what is there into the feed. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const all = this.#gathered
    this.#gathered = new Map()
    this.#bytes = 0
    this.#records = 0
    for (const formats of all.values()) for (const gathered of formats.values()) this.#send(gathered, null)
    if (all.size > 0) this.#options.sent?.()
  }

  /** The sender is gone. What it sent is put into the feed. */
  leave(sender: Sender): void {
    if (this.#gathered.has(sender)) this.flush()
    const { feed } = this.#options
    // Its records may not be parsed yet, and need the state of their parser.
    if (sender.streams.size > 0) void feed.drained().then(() => sender.streams.forEach((stream) => feed.close(stream)))
  }

  /** Puts everything into the feed; nothing comes after it. */
  close(): void {
    this.flush()
    const { feed } = this.#options
    if (this.#streams.size > 0) void feed.drained().then(() => this.#streams.forEach((stream) => feed.close(stream)))
  }

  #of(sender: Sender, format: Format): Gathered {
    let formats = this.#gathered.get(sender)
    if (formats === undefined) this.#gathered.set(sender, (formats = new Map<string, Gathered>()))
    let gathered = formats.get(format.id)
    if (gathered === undefined)
      formats.set(format.id, (gathered = { sender, format, bytes: Buffer.alloc(0), filled: 0, bounds: [] }))
    return gathered
  }

  #take(gathered: Gathered): void {
    const formats = this.#gathered.get(gathered.sender)!
    formats.delete(gathered.format.id)
    if (formats.size === 0) this.#gathered.delete(gathered.sender)
    this.#bytes -= gathered.filled
    this.#records -= gathered.bounds.length / 2
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    this.#records++
    if (this.#bytes >= GATHER_BYTES || this.#records >= CHUNK_RECORDS) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS)
  }

  #send({ sender, format, bytes, filled, bounds }: Gathered, refused: Refused | null): void {
    const { feed, zone, csv } = this.#options
    const own = new Uint8Array(filled)
    own.set(bytes.subarray(0, filled))
    const chunk: Chunk = {
      bytes: own,
      bounds: Uint32Array.from(bounds),
      offset: 0,
      record: 1,
      refused,
      end: filled + (refused?.length ?? 0),
      records: bounds.length / 2 + (refused === null ? 0 : 1),
      tail: new Uint8Array(0),
    }
    feed.send({
      stream: this.#stream(sender, format),
      reading: { format: format.id, zone, csv, fileName: '', parserState: null },
      origin: sender.origin,
      chunk,
      numbered: false,
      position: null,
    })
  }

  #stream(sender: Sender, { id, stateless }: Format): number {
    const streams = stateless ? this.#streams : sender.streams
    let stream = streams.get(id)
    if (stream === undefined) streams.set(id, (stream = this.#options.feed.open(stateless)))
    return stream
  }
}
