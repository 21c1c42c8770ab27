/**
 * A capture that is open: its index, made or found, and what is asked of it. Lives in a thread of its own (capture.worker.ts), or
 * in a terminal's program. All packets are indexes from 0 here; numbers from 1 are the contract's.
 */
import { mkdirSync } from 'node:fs'
import type { Capture, Flow, PacketRow } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { decoders } from '../decode/registry.ts'
import { reasonOf } from '../../ingest/read-problem.ts'
import { CaptureIndex } from '../index/capture-index.ts'
import { CHUNK } from '../index/columns.ts'
import { Annotations } from './annotations.ts'
import { Conversations, type ConversationsAsked } from './conversations.ts'
import { FieldColumns } from './field-columns.ts'
import { flowOf, type Conversation } from './flow-of.ts'
import { locateFlows, type Located, type LocateAsked } from './locate-flow.ts'
import { packetsOfFlow } from './packets-of-flow.ts'
import { PacketBytes } from './packet-bytes.ts'
import { CaptureReading, contentPath } from './read-capture-files.ts'
import { Rows } from './rows.ts'
import { sequenceOf, type Sequence } from './sequence.ts'
import { View } from './view.ts'

/** Views that are kept; the oldest goes. */
const MOST_VIEWS = 16
const NOTHING = { bytes: 0, of: 0, rate: 0, secondsLeft: null }

export class OpenCapture {
  readonly id: string
  readonly folder: string
  readonly index: CaptureIndex
  readonly rows: Rows
  readonly bytes: PacketBytes
  readonly annotations: Annotations
  readonly conversations: Conversations
  readonly #reading: CaptureReading | null
  readonly #fields: FieldColumns
  readonly #views = new Map<number, View>()
  #lastView = 0
  keyLog: { readonly path: string; readonly text: string } | null = null
  #running: Promise<void> | null = null

  private constructor(id: string, folder: string, index: CaptureIndex, reading: CaptureReading | null) {
    this.id = id
    this.folder = folder
    this.index = index
    this.#reading = reading
    this.bytes = new PacketBytes(
      index.columns,
      index.known.files.map(({ path, compression }, file) => contentPath(folder, file, path, compression !== null)),
    )
    this.rows = new Rows(index, this.bytes)
    this.annotations = new Annotations(folder)
    this.conversations = new Conversations(index)
    this.#fields = new FieldColumns(index, this.rows)
  }

  /**
   * Opens the files of a capture, whose index is in `folder` or will be. `changed` is called when something has changed, at most
   * once for every batch. Reading begins with `read`.
   */
  static async open(id: string, folder: string, paths: readonly string[], changed: () => void): Promise<Result<OpenCapture>> {
    let index: CaptureIndex
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const known = CaptureIndex.open(folder)
      if (known !== null) return ok(new OpenCapture(id, folder, known, null))
      index = CaptureIndex.create(folder)
    } catch (error) {
      const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
      return fail({ code: full ? 'disk_full' : 'conflict', message: `The index cannot be made: ${reasonOf(error)}` })
    }
    const reading = new CaptureReading(index, paths, changed)
    if (!(await reading.begin())) {
      reading.close()
      index.close()
      return fail({ code: 'unsupported_format', message: reading.state.problem ?? 'no capture file' })
    }
    return ok(new OpenCapture(id, folder, index, reading))
  }

  /** Reads the files, where the index is not there yet; resolves at its end. */
  read(): Promise<void> {
    this.#running ??= this.#reading === null ? Promise.resolve() : this.#reading.run()
    return this.#running
  }
  /** Resolves when all headers are read. */
  get indexed(): Promise<void> {
    return this.#reading?.indexed ?? Promise.resolve()
  }
  stop(): void {
    this.#reading?.stop()
  }
  get phase(): Capture['state'] {
    return this.#reading?.state.phase ?? 'ready'
  }

  get summary(): Capture {
    const { index } = this
    const { known, columns } = index
    const { totals } = known
    const state = this.#reading?.state
    return {
      id: this.id,
      files: known.files.map((file) => ({
        ...file,
        name: file.path.slice(Math.max(file.path.lastIndexOf('/'), file.path.lastIndexOf('\\')) + 1),
        compression: file.compression === 'xz' ? null : file.compression,
      })),
      state: state?.phase ?? 'ready',
      problem: state?.problem ?? null,
      packets: columns.length,
      capturedBytes: totals.captured,
      wireBytes: totals.wire,
      first: iso(totals.firstSeconds, totals.firstNanos),
      last: iso(totals.lastSeconds, totals.lastNanos),
      timeDigits: totals.finest,
      linkTypes: [...index.linkCounts()].map(([name, packets]) => ({ name, packets })),
      interfaces: known.interfaces.slice(0, 1000).map(({ name, description, linkType }) => ({ name, description, linkType })),
      progress:
        state === undefined || state.phase === 'ready' || state.phase === 'failed' || state.phase === 'stopped'
          ? NOTHING
          : { bytes: state.bytes, of: state.of, rate: state.rate, secondsLeft: state.secondsLeft },
      comments: known.comments.slice(0, 100),
      secrets: { embedded: known.secrets.length, keyLog: this.keyLog?.path ?? null },
    }
  }

  view(id: number | null): Result<View | null> {
    if (id === null) return ok(null)
    const view = this.#views.get(id)
    return view === undefined ? fail({ code: 'not_found', message: `There is no view ${id}: filter again.` }) : ok(view)
  }
  newView(filter: string): View {
    const view = new View(++this.#lastView, filter)
    this.#views.set(view.id, view)
    if (this.#views.size > MOST_VIEWS) {
      const [oldest] = this.#views.keys()
      this.#views.delete(oldest!)
    }
    return view
  }

  /** Packets of a view's rows (or of all). */
  packetsOf(view: View | null, from: number, count: number): number[] {
    if (view !== null) return view.packets(from, count)
    const { length } = this.index.columns
    return Array.from({ length: Math.max(0, Math.min(count, length - from)) }, (_, i) => from + i)
  }

  page(view: View | null, from: number, count: number, fields: readonly string[]): { rows: PacketRow[]; total: number } {
    const packets = this.packetsOf(view, from, count)
    return {
      rows: packets.map((packet) => this.#row(packet, fields)),
      total: view === null ? this.index.columns.length : view.total,
    }
  }

  #row(packet: number, fields: readonly string[]): PacketRow {
    const row = this.rows.row(packet)
    const comment = this.annotations.commentOf(packet + 1)
    const comments = comment === undefined ? row.comments : [...row.comments, comment]
    return {
      ...row,
      comments,
      signs: comments.length > 0 && !row.signs.includes('comment') ? [...row.signs, 'comment'] : row.signs,
      marked: this.annotations.marks.has(packet + 1),
      fields: fields.length === 0 ? {} : this.#fields.of(packet, fields),
    }
  }

  /** Row of a packet in a view, or of the next one behind it. */
  place(view: View | null, packet: number): { index: number; exact: boolean } {
    if (view === null) return { index: Math.min(packet, this.index.columns.length), exact: packet < this.index.columns.length }
    return { index: view.rank(packet), exact: view.has(packet) }
  }

  /** First packet at or behind a time, in seconds; null where there is none. */
  at(seconds: number): number | null {
    const { columns } = this.index
    for (let chunk = 0; chunk < columns.chunks; chunk++) {
      const times = columns.column(chunk, 'seconds')
      const nanos = columns.column(chunk, 'nanos')
      const length = columns.lengthOf(chunk)
      // A chunk whose last packet is before it, in a file that is in order, is passed over at once.
      if (length === CHUNK && times[length - 1]! + 1 < seconds && times[0]! <= times[length - 1]!) continue
      for (let row = 0; row < length; row++) if (times[row]! + nanos[row]! / 1e9 >= seconds) return chunk * CHUNK + row
    }
    return null
  }

  flowNumber(packet: number): number | null {
    const flow = this.index.columns.chunk(Math.floor(packet / CHUNK)).flow[packet % CHUNK]!
    return flow === 0 ? null : flow - 1
  }

  /** A flow by its number; null where there is none. */
  flow(flow: number): Flow | null {
    if (flow < 0 || flow >= this.index.flows.length) return null
    const row = flowOf(this.index, flow, null)
    if (row.transport !== 'icmp' && row.transport !== 'icmpv6') return row
    const p = this.rows.decoded(row.firstPacket - 1)
    const wanted = row.transport
    for (let layer = 0; layer < p.layers; layer++) {
      const at = p.layerAt[layer]!
      if (decoders[p.layerId[layer]!]?.id === wanted && at + 2 <= p.captured)
        return flowOf(this.index, flow, { type: p.data[at]!, code: p.data[at + 1]! })
    }
    return row
  }

  list(asked: ConversationsAsked, view: View | null): Promise<{ flows: Conversation[]; total: number }> {
    return this.conversations.list(asked, view)
  }

  sequence(view: View | null, flow: number | null, limit: number): Sequence {
    if (flow === null) {
      const packets = this.packetsOf(view, 0, limit + 1)
      return sequenceOf(this.rows, packets.slice(0, limit), packets.length > limit)
    }
    const packets: number[] = []
    for (const packet of packetsOfFlow(this.index, flow)) {
      if (view !== null && !view.has(packet)) continue
      packets.push(packet)
      if (packets.length > limit) break
    }
    return sequenceOf(this.rows, packets.slice(0, limit), packets.length > limit)
  }

  /** Where packets of a record's flow are; best first. */
  locate(asked: LocateAsked): Located[] {
    return locateFlows(this, asked)
  }

  /** TLS secrets, as the lines of a key log; null where there are none. */
  get secrets(): string | null {
    const lines = [...this.index.known.secrets]
    if (this.keyLog !== null) lines.push(this.keyLog.text)
    return lines.length === 0 ? null : `${lines.join('\n')}\n`
  }

  async close(): Promise<void> {
    this.stop()
    await this.#running?.catch(() => undefined)
    this.bytes.close()
    this.index.close()
  }
}

const iso = (seconds: number, nanos: number): string | null =>
  Number.isNaN(seconds) || Math.abs(seconds) > 250_000_000_000
    ? null
    : isoFromMicros(seconds * 1e6 + Math.floor(nanos / 1000), nanos % 1000)
