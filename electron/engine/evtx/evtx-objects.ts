/** A Windows event log file as objects: those that its lines (see evtx-lines.ts) are read as, without the lines. */
import { Buffer } from 'node:buffer'
import { BinXmlProblem, type ChunkXml } from './binxml.ts'
import type { JsonObject } from './event-object.ts'
import { chunksOf, eachRecord, type RecordSpot } from './evtx-chunks.ts'
import { EvtxLines } from './evtx-lines.ts'
import { RecordObject, Unusual } from './record-object.ts'

type Found = JsonObject | null
interface Spot {
  readonly xml: ChunkXml
  readonly from: number
  readonly to: number
  readonly where: () => RecordSpot
}

export class EvtxObjects {
  readonly #lines = new EvtxLines()
  #maker: RecordObject | null = null

  #record({ xml, from, to, where }: Spot): Found {
    this.#maker ??= new RecordObject(xml)
    this.#maker.chunk = xml
    try {
      return this.#maker.make(from, to)
    } catch (error) {
      if (error instanceof BinXmlProblem || error instanceof RangeError) return null
      if (!(error instanceof Unusual)) throw error
    }
    let object: Found = null
    this.#lines.record(
      xml,
      from,
      to,
      (line) => {
        object = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8')) as JsonObject
        if (Object.hasOwn(object, '#damaged')) object = null
      },
      where,
    )
    return object
  }

  /**
   * The records of a chunk, which begins at byte `offset` of the file and may be cut; `null` where one, or the chunk, is damaged. Each
   * is made when it is asked for: those of a whole chunk at once would all be copied by the collector.
   */
  *chunk(data: Uint8Array, offset: number): Generator<Found, void> {
    const spots: (Spot | null)[] = []
    eachRecord(data, offset, {
      record: (xml, from, to, where) => spots.push({ xml, from, to, where }),
      damage: () => spots.push(null),
    })
    for (const spot of spots) yield spot === null ? null : this.#record(spot)
  }
}

/** Pieces of a file → its records, those of a chunk at once: they are to be taken before the next ones are asked for. */
export async function* evtxObjects(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Iterable<Found>, void> {
  const objects = new EvtxObjects()
  for await (const { data, offset } of chunksOf(pieces)) yield objects.chunk(data, offset)
}
