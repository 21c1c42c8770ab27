/** Events by their ids: what is shown of them, their raw records, the file that they came from. */
import { fail, ok } from '../../../../shared/model/result.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { SEQUENCES } from '../limits.ts'
import type { InputOf, OutputOf } from '../types.ts'
import { ask } from './evaluate.ts'
import type { Asked } from './evaluate.ts'
import { eventRows, shownFields } from './event-rows.ts'
import type { Found } from './event-rows.ts'
import { timesOf, type Scope } from './events.ts'
import { reading } from './library.ts'
import type { Library } from './library.ts'
import type { BlockInfo } from './partition.ts'

/** Events by their ids, in the order given; those that are gone are left out. */
export function eventsById(ids: readonly number[], fields: readonly string[], scope: Scope): OutputOf<'events.search'>['events'] {
  const shown = shownFields(fields, scope.aliases)
  const asked = new Map<BlockInfo, Asked>()
  const rows = []
  for (const id of ids) {
    const day = Math.floor(id / SEQUENCES)
    const row = reading(day, () => {
      const found = find(id, scope.library, asked)
      return found ? eventRows([found], shown) : []
    })
    rows.push(...row)
  }
  return rows
}

/** Raw records of events, in the order of their ids; null where one is not there. A chunk is read once. */
export function rawById(ids: readonly number[], { library }: Pick<Scope, 'library'>): (Uint8Array | null)[] {
  const asked = new Map<BlockInfo, Asked>()
  const chunks = new Map<string, Uint8Array[]>()
  return ids.map((id) =>
    reading(Math.floor(id / SEQUENCES), () => {
      const found = find(id, library, asked)
      if (!found) return null
      const { piece, firstRow } = found.block.reader.head.chunkOf(found.row)
      const key = `${found.block.info.partition.day}:${found.block.info.seq}:${piece}`
      let chunk = chunks.get(key)
      if (!chunk) chunks.set(key, (chunk = found.block.reader.rawChunk(piece)))
      return chunk[found.row - firstRow] ?? null
    }),
  )
}

function find(id: number, library: Library, asked: Map<BlockInfo, Asked>): Found | null {
  const partition = library.partition(Math.floor(id / SEQUENCES))
  const info = partition?.blockOf(id % SEQUENCES)
  if (!partition || !info) return null
  let block = asked.get(info)
  if (!block) asked.set(info, (block = ask(info)))
  const row = (id % SEQUENCES) - info.seq
  return { block, row, time: timesOf(block)[row]!, id }
}

export function getEvent(input: InputOf<'events.get'>, { library }: Scope): Result<OutputOf<'events.get'>> {
  const id = Number(input.id)
  return reading(Math.floor(id / SEQUENCES), () => {
    const found = find(id, library, new Map())
    if (!found) return fail({ code: 'not_found' as const, message: `There is no event ${input.id}.` })
    const raw = Buffer.from(found.block.reader.raw(found.row))
    return ok({
      ...eventRows([found], null)[0]!,
      place: found.block.reader.places().at(found.row),
      raw: new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw),
      rawBase64: raw.toString('base64'),
    })
  })
}

/** The file that an event came from. Errors: `not_found`. */
export function eventOrigin(id: string, { library }: Pick<Scope, 'library'>): Result<string> {
  return reading(Math.floor(Number(id) / SEQUENCES), () => {
    const found = find(Number(id), library, new Map())
    return found
      ? ok(found.block.reader.places().at(found.row).origin)
      : fail({ code: 'not_found' as const, message: `There is no event ${id}.` })
  })
}
