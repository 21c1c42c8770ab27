/**
 * A Windows event log file as lines of JSON, one for each record in the order of the file: what imports, sources and rules read. Damage
 * is passed over as far as can be: each record that cannot be read, and each chunk that is none, is a line that says so
 * (damage-line.ts), and what follows is read.
 */
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { BinXmlProblem, type ChunkXml } from './binxml.ts'
import { damageLine } from './damage-line.ts'
import { eachRecord, type RecordSpot } from './evtx-chunks.ts'
import { chunksOf } from './file-chunks.ts'
import { JsonBytes, TooLong } from './json-bytes.ts'
import { RecordJson } from './record-json.ts'

/** A line: as long as the longest record that is taken. */
const MOST_LINE = 4 * 1024 * 1024 - 1024
const NEWLINE = 0x0a

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
    this.records += eachRecord(data, offset, {
      record: (xml, from, to, where) => this.record(xml, from, to, line, where),
      damage: (why) => this.damage(why, line),
    })
  }

  /** The line of one record, or what says that it is damaged. */
  record(xml: ChunkXml, from: number, to: number, line: (bytes: Uint8Array) => void, where: () => RecordSpot): void {
    const out = this.#out
    out.length = 0
    this.#json ??= new RecordJson(out, xml)
    this.#json.chunk = xml
    try {
      this.#json.write(from, to)
      out.byte(NEWLINE)
    } catch (error) {
      const { record, offset } = where()
      if (error instanceof BinXmlProblem)
        return this.damage(say('record_unreadable', { record, offset, why: error.why, at: error.at }), line)
      if (error instanceof TooLong || error instanceof RangeError)
        return this.damage(say('record_damaged', { record, offset, text: error.message }), line)
      throw error
    }
    line(out.bytes.subarray(0, out.length))
  }

  /** The line in place of what cannot be read. */
  damage(why: Sentence, line: (bytes: Uint8Array) => void): void {
    this.damaged++
    line(damageLine(why))
  }
}

/** Lines together, as large as what is read at once. */
const PIECE = 1 << 20

/** The file's content as pieces of lines; a piece is only good until the next one is asked for. */
export async function* evtxLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const lines = new EvtxLines()
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
  for await (const { data, offset, notes } of chunksOf(pieces)) {
    for (const note of notes) lines.damage(note, add)
    lines.chunk(data, offset, add)
    if (length < PIECE / 2) continue
    yield piece.subarray(0, length)
    length = 0
  }
  if (length > 0) yield piece.subarray(0, length)
}
