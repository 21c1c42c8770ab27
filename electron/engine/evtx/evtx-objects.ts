/** A Windows event log file as objects: those that its lines (see evtx-lines.ts) are read as, without the lines. */
import { Buffer } from 'node:buffer'
import { BinXmlProblem, type ChunkXml } from './binxml.ts'
import type { JsonObject } from './event-object.ts'
import { chunksOf, eachRecord } from './evtx-chunks.ts'
import { EvtxLines } from './evtx-lines.ts'
import { RecordObject, Unusual } from './record-object.ts'

type Found = JsonObject | null

export class EvtxObjects {
  readonly #lines = new EvtxLines()
  #maker: RecordObject | null = null

  /** The records of a chunk, which begins at byte `offset` of the file and may be cut; `null` where one, or the chunk, is damaged. */
  chunk(data: Uint8Array, offset: number): readonly Found[] {
    const found: Found[] = []
    eachRecord(data, offset, {
      record: (xml, from, to, where) => found.push(this.#record(xml, from, to, where)),
      damage: () => found.push(null),
    })
    return found
  }

  #record(xml: ChunkXml, from: number, to: number, where: () => string): Found {
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
}

/** Pieces of a file → its records, those of a chunk at once. */
export async function* evtxObjects(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Found[], void> {
  const objects = new EvtxObjects()
  for await (const { data, offset } of chunksOf(pieces)) yield objects.chunk(data, offset)
}
