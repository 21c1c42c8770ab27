/** All decoders, found by their folder, and the numbers of their protocols. */
import { Dispatch, TABLE } from './dispatch.ts'
import type { DecoderDefinition, DecoderField } from './define.ts'

const found = import.meta.glob<DecoderDefinition>('./decoders/*.decoder.ts', { eager: true, import: 'default' })

/** In order of id: a protocol's number is its index. Numbers are not stored anywhere; names are. */
export const decoders: readonly DecoderDefinition[] = Object.values(found).sort((a, b) => (a.id < b.id ? -1 : 1))

/** Names of protocols: those of the decoders first, at the same index; then what they add. */
export const protocolNames: readonly string[] = [
  ...new Set([...decoders.map(({ id }) => id), ...decoders.flatMap(({ also }) => also ?? [])]),
]
const numbers: ReadonlyMap<string, number> = new Map(protocolNames.map((name, i) => [name, i]))
/** Number of a protocol by Wireshark's name, or -1. */
export const protocolNumber = (name: string): number => numbers.get(name) ?? -1

export interface KnownField extends DecoderField {
  /** Index of the decoder that has it. */
  readonly decoder: number
  /** Index in `fields`. */
  readonly index: number
}
export const fields: readonly KnownField[] = decoders
  .flatMap((one, decoder) => one.fields.map((field) => ({ ...field, decoder })))
  .map((field, index) => ({ ...field, index }))
const byName: ReadonlyMap<string, KnownField> = new Map(fields.map((field) => [field.name, field]))
export const fieldByName = (name: string): KnownField | undefined => byName.get(name)

function checked(): Dispatch {
  const dispatch = new Dispatch()
  const seen = new Set<string>()
  for (const [i, { id, on, fields: own }] of decoders.entries()) {
    if (seen.has(id)) throw new Error(`two decoders are called ${id}`)
    seen.add(id)
    for (const { name } of own) {
      if (seen.has(`field ${name}`)) throw new Error(`two decoders have the field ${name}`)
      seen.add(`field ${name}`)
    }
    for (const { table, keys } of on) for (const key of keys) dispatch.set(TABLE[table], key, i)
  }
  dispatch.data = protocolNumber('data')
  dispatch.etherType = protocolNumber('ethertype')
  dispatch.llc = protocolNumber('llc')
  return dispatch
}
export const dispatch: Dispatch = checked()
