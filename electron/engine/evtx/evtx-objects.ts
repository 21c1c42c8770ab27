/** A Windows event log file as objects: those that its lines (see evtx-lines.ts) are read as, without the lines. */
import { Buffer } from 'node:buffer'
import type { Sentence } from '../../../shared/model/sentence.ts'
import { BinXmlProblem, type ChunkXml } from './binxml.ts'
import type { JsonObject } from './event-object.ts'
import { damageOf } from './damage-line.ts'
import { eachRecord, type RecordSpot } from './evtx-chunks.ts'
import { chunksOf } from './file-chunks.ts'
import { EvtxLines } from './evtx-lines.ts'
import { RecordObject, Unusual } from './record-object.ts'

type Found = JsonObject | null
type Told = (why: Sentence) => void
interface Spot {
  readonly xml: ChunkXml
  readonly from: number
  readonly to: number
  readonly where: () => RecordSpot
}

export class EvtxObjects {
  readonly #lines = new EvtxLines()
  readonly #told: Told
  #maker: RecordObject | null = null

  /** `told` gets what is wrong where there is `null` instead of an object, just before. */
  constructor(told: Told = () => undefined) {
    this.#told = told
  }

  #record({ xml, from, to, where }: Spot): Found {
    this.#maker ??= new RecordObject(xml)
    this.#maker.chunk = xml
    try {
      return this.#maker.make(from, to)
    } catch (error) {
      // What is wrong, the line says, which is made here only then.
      if (!(error instanceof BinXmlProblem || error instanceof RangeError || error instanceof Unusual)) throw error
    }
    let object: Found = null
    this.#lines.record(
      xml,
      from,
      to,
      (line) => {
        object = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8')) as JsonObject
        const why = Object.hasOwn(object, '#damaged') ? damageOf(object) : null
        if (why === null) return
        this.#told(why)
        object = null
      },
      where,
    )
    return object
  }

  /**
   * The records of a chunk, which begins at byte `offset` of the file and may be cut; `null` where one, or the chunk, is damaged, and for
   * each of `notes` before them. Each is made when it is asked for: those of a whole chunk at once would all be copied by the collector.
   */
  *chunk(data: Uint8Array, offset: number, notes: readonly Sentence[] = []): Generator<Found, void> {
    const spots: (Spot | Sentence)[] = [...notes]
    eachRecord(data, offset, {
      record: (xml, from, to, where) => spots.push({ xml, from, to, where }),
      damage: (why) => spots.push(why),
    })
    for (const spot of spots) {
      if ('xml' in spot) yield this.#record(spot)
      else {
        this.#told(spot)
        yield null
      }
    }
  }
}

/** Pieces of a file → its records, those of a chunk at once: they are to be taken before the next ones are asked for. */
export async function* evtxObjects(pieces: AsyncIterable<Uint8Array>, told?: Told): AsyncGenerator<Iterable<Found>, void> {
  const objects = new EvtxObjects(told)
  for await (const { data, offset, notes } of chunksOf(pieces)) yield objects.chunk(data, offset, notes)
}
