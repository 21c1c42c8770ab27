/**
 * The chunks of a Windows event log file, and what is wrong with the file. They stand 64 KiB apart behind the file's header; where none
 * stands at its place they are looked for by their signature, so that a file whose header is gone, or that has bytes too many, is read.
 */
import { Buffer } from 'node:buffer'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { chunkProblem, chunksMissing, fileHeader, type FileHeader } from './checksums.ts'
import { CHUNK, HEADER, isChunk, isEventLog } from './evtx-chunks.ts'

const CHUNK_MAGIC = Buffer.from('ElfChnk\0', 'latin1')
/** Of a chunk: where the size of its header stands, which is always the same. */
const SIZE_AT = 40
const SIZE = 128

/** Bytes from the beginning of a file that tell whether it is an event log, where its name says so and its header is gone. */
export const LOOKED_THROUGH = 1 << 20

/** Where the header of a chunk begins, from `from` on; -1 where there is none. */
function chunkIn(data: Uint8Array, from: number): number {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  for (let at = bytes.indexOf(CHUNK_MAGIC, from); at >= 0; at = bytes.indexOf(CHUNK_MAGIC, at + 1))
    if (at + SIZE_AT + 4 <= bytes.length && bytes.readUInt32LE(at + SIZE_AT) === SIZE) return at
  return -1
}

/** By its name, also where it is rotated or compressed. */
export const namedEventLog = (path: string): boolean => /\.evtx(?:$|[^\w/\\][^/\\]*$)/i.test(path)

/**
 * True for the first bytes of an event log: its header, or a chunk. With `named`, where the name says that it is one, a chunk may stand
 * anywhere in them.
 */
export const beginsEventLog = (head: Uint8Array, named: boolean): boolean =>
  isEventLog(head) || CHUNK_MAGIC.every((byte, i) => head[i] === byte) || (named && chunkIn(head, 0) >= 0)

export interface FileChunk {
  /** Empty behind the last one, where there is something to be said. */
  readonly data: Uint8Array
  /** Of its first byte in the file. */
  readonly offset: number
  /** What is wrong with the file, or with the chunk as a whole: said before its records. */
  readonly notes: readonly Sentence[]
}

/** Of a dirty file: a chunk whose checksums do not hold, which only counts when another one was begun after it. */
interface Doubtful {
  readonly why: Sentence
  readonly last: bigint
}

class Chunks {
  readonly #window = new Uint8Array(CHUNK)
  #held = 0
  /** Of the window's first byte in the file. */
  #offset = 0
  #begin = 0
  #header: FileHeader | null = null
  #notes: Sentence[] = []
  #doubtful: Doubtful | null = null

  /** The header is there, or all there is of it. */
  #begins(): void {
    const head = this.#window.subarray(0, this.#held)
    const header = fileHeader(head)
    this.#header = header
    if (header.problem !== null) this.#notes.push(header.problem)
    const chunk = header.signed ? -1 : chunkIn(head, 0)
    this.#begin = chunk >= 0 ? chunk : this.#held
    this.#drop(this.#begin)
  }

  /** True where no chunk stood at its place, but one behind it, which is now the first in the window. */
  #moved(): boolean {
    const data = this.#window.subarray(0, this.#held)
    const to = isChunk(data) ? -1 : chunkIn(data, 1)
    if (to < 0) return false
    if (data.subarray(0, to).some((byte) => byte !== 0)) this.#notes.push(say('no_chunk', { offset: this.#offset }))
    this.#drop(to)
    return true
  }

  #drop(bytes: number): void {
    this.#window.copyWithin(0, bytes, this.#held)
    this.#held -= bytes
    this.#offset += bytes
  }

  #check(): void {
    const data = this.#window
    if (!isChunk(data)) return
    const view = new DataView(data.buffer)
    const doubtful = this.#doubtful
    this.#doubtful = null
    if (doubtful !== null && view.getBigUint64(24, true) > doubtful.last) this.#notes.push(doubtful.why)
    const why = chunkProblem(data, this.#offset)
    if (why === null) return
    if (this.#header!.dirty) this.#doubtful = { why, last: view.getBigUint64(32, true) }
    else this.#notes.push(why)
  }

  #taken(): FileChunk {
    const chunk = { data: this.#window.subarray(0, this.#held), offset: this.#offset, notes: this.#notes }
    this.#offset += this.#held
    this.#held = 0
    this.#notes = []
    return chunk
  }

  *push(bytes: Uint8Array): Generator<FileChunk, void> {
    for (let at = 0; at < bytes.length;) {
      const wanted = this.#header === null ? HEADER : CHUNK
      const take = Math.min(wanted - this.#held, bytes.length - at)
      this.#window.set(bytes.subarray(at, at + take), this.#held)
      this.#held += take
      at += take
      if (this.#held < wanted) return
      if (this.#header === null) this.#begins()
      else if (!this.#moved()) {
        this.#check()
        yield this.#taken()
      }
    }
  }

  *finish(): Generator<FileChunk, void> {
    if (this.#held === 0 && this.#header === null) return
    if (this.#header === null) this.#begins()
    this.#moved()
    if (this.#held > 0) yield this.#taken()
    const chunks = Math.ceil((this.#offset - this.#begin) / CHUNK)
    const { chunks: stated } = this.#header!
    if (chunks < stated) this.#notes.push(chunksMissing(this.#offset, chunks, stated))
    if (this.#notes.length > 0) yield this.#taken()
  }
}

/** A file's chunks, each only good until the next one is asked for. The last one may be cut. */
export async function* chunksOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<FileChunk, void> {
  const chunks = new Chunks()
  for await (const bytes of pieces) yield* chunks.push(bytes)
  yield* chunks.finish()
}
