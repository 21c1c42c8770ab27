/**
 * A Windows event log file as lines of JSON, one for each record in the order of the file: what imports, sources and rules read. Damage
 * is passed over as far as can be: each record that cannot be read, and each chunk that is none, is a line that says so
 * (`{"#damaged": "..."}`), and what follows is read.
 */
import { BinXmlProblem, ChunkXml } from './binxml.ts'
import { JsonBytes, quoted, TooLong } from './json-bytes.ts'
import { RecordJson } from './record-json.ts'

const HEADER = 4096
const CHUNK = 65_536
/** Of a chunk: where its records begin. */
const FIRST_RECORD = 512
/** Of a record: signature, size, number and time. */
const RECORD_HEADER = 24
/** And the size once more, at its end. */
const LEAST_RECORD = RECORD_HEADER + 4
/** A line: as long as the longest record that is taken. */
const MOST_LINE = 4 * 1024 * 1024 - 1024
const NEWLINE = 0x0a
const DAMAGED = new TextEncoder().encode('{"#damaged":')

const MAGIC = new TextEncoder().encode('ElfFile\0')
const CHUNK_MAGIC = new TextEncoder().encode('ElfChnk\0')
const starts = (data: Uint8Array, with_: Uint8Array): boolean => with_.every((byte, i) => data[i] === byte)

export const isEventLog = (head: Uint8Array): boolean => head.length >= 8 && starts(head, MAGIC)

/** What a record's line is made of; the rest is in the line. */
export class EvtxLines {
  readonly #out = new JsonBytes(MOST_LINE)
  #json: RecordJson | null = null
  /** Records, whole or not, so far. */
  records = 0
  damaged = 0

  /**
   * The records of one chunk, which begins at byte `offset` of the file and may be cut. Calls `line` with each line and its LF; the
   * bytes are good until it returns.
   */
  chunk(data: Uint8Array, offset: number, line: (bytes: Uint8Array) => void): void {
    if (!starts(data, CHUNK_MAGIC)) {
      if (data.some((byte) => byte !== 0)) this.#damage(`no chunk at byte ${offset}`, line)
      return
    }
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    if (data.length < FIRST_RECORD) return this.#damage(`the chunk at byte ${offset} is cut`, line)
    const xml = new ChunkXml(data)
    const free = view.getUint32(48, true)
    let previous: bigint | null = null
    let at = FIRST_RECORD
    while (at + LEAST_RECORD <= data.length && view.getUint32(at, true) === 0x2a2a) {
      const id = view.getBigUint64(at + 8, true)
      // Behind the last record lie those of earlier times, unless the header is older than what was written.
      if (at >= free && (previous === null || id !== previous + 1n)) break
      const size = view.getUint32(at + 4, true)
      const end = at + size
      if (size < LEAST_RECORD || end > data.length) {
        this.records++
        return this.#damage(
          `record ${id} at byte ${offset + at} ${end > data.length && data.length < CHUNK ? 'is cut' : `has ${size} bytes`}`,
          line,
        )
      }
      previous = id
      this.records++
      this.#record(xml, at + RECORD_HEADER, end - 4, line, () => `record ${id} at byte ${offset + at}`)
      at = end
    }
    if (at < free && at + LEAST_RECORD <= data.length) this.#damage(`no record at byte ${offset + at}`, line)
    else if (data.length < CHUNK && at < free) this.#damage(`the chunk at byte ${offset} is cut`, line)
  }

  #record(xml: ChunkXml, from: number, to: number, line: (bytes: Uint8Array) => void, where: () => string): void {
    const out = this.#out
    out.length = 0
    this.#json ??= new RecordJson(out, xml)
    this.#json.chunk = xml
    try {
      this.#json.write(from, to)
      out.byte(NEWLINE)
    } catch (error) {
      if (error instanceof BinXmlProblem)
        return this.#damage(`${where()}: ${error.message} (byte ${error.at} of its chunk)`, line)
      if (error instanceof TooLong || error instanceof RangeError) return this.#damage(`${where()}: ${error.message}`, line)
      throw error
    }
    line(out.bytes.subarray(0, out.length))
  }

  #damage(reason: string, line: (bytes: Uint8Array) => void): void {
    this.damaged++
    const out = this.#out
    out.length = 0
    out.raw(DAMAGED)
    out.raw(quoted(reason))
    out.ascii('}')
    out.byte(NEWLINE)
    line(out.bytes.subarray(0, out.length))
  }
}

/** Lines together, as large as what is read at once. */
const PIECE = 1 << 20

/** The file's content as pieces of lines; a piece is only good until the next one is asked for. */
export async function* evtxLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const lines = new EvtxLines()
  const chunk = new Uint8Array(CHUNK)
  let held = 0
  let passed = 0
  let skip = HEADER
  let piece = new Uint8Array(PIECE)
  let length = 0
  const add = (line: Uint8Array): void => {
    if (length + line.length > piece.length) {
      const larger = new Uint8Array(Math.max(piece.length * 2, length + line.length))
      larger.set(piece.subarray(0, length))
      piece = larger
    }
    piece.set(line, length)
    length += line.length
  }
  for await (const bytes of pieces) {
    let at = Math.min(skip, bytes.length)
    skip -= at
    passed += at
    while (at < bytes.length) {
      const take = Math.min(CHUNK - held, bytes.length - at)
      chunk.set(bytes.subarray(at, at + take), held)
      held += take
      at += take
      passed += take
      if (held < CHUNK) break
      lines.chunk(chunk, passed - CHUNK, add)
      held = 0
      if (length < PIECE / 2) continue
      yield piece.subarray(0, length)
      length = 0
    }
  }
  if (held > 0) lines.chunk(chunk.subarray(0, held), passed - held, add)
  if (length > 0) yield piece.subarray(0, length)
}
