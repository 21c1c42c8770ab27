/**
 * The fields that a filter can name: those of the decoders, those that the index computes, and, where they are asked for, those of
 * Wireshark's dissectors.
 */
import { fields as registered, decoders, protocolNames, type KnownField } from '../decode/registry.ts'
import type { FilterField, FilterType, How } from './fields.ts'
import { IN_COLUMNS, PAYLOADS, SYNTHETIC } from './synthetic.ts'

/** What the room of the dissectors gives: names are only known to it, types are Wireshark's (`FT_UINT16`). */
export interface DissectorFields {
  find(name: string): Promise<{ readonly type: string; readonly title: string } | null>
  /** Fields whose names begin so. */
  like(
    prefix: string,
    limit: number,
  ): Promise<readonly { readonly name: string; readonly type: string; readonly title: string }[]>
}

/** Fields with facts are kept by the index; the others are read from the header again. */
const howOf = (field: KnownField): How => (field.read === undefined || IN_COLUMNS.has(field.name) ? 'index' : 'decode')

/** Protocols whose header is read, and so are their bytes. */
const headerProtocols = new Set(decoders.filter(({ header }) => header !== undefined).map(({ id }) => id))
const titles = new Map(decoders.map(({ id, title }) => [id, title]))

function ownOnes(): readonly FilterField[] {
  const found: FilterField[] = [protocol('frame', 'Packet', true)]
  for (const name of protocolNames) found.push(protocol(name, titles.get(name) ?? name, headerProtocols.has(name)))
  for (const { name, type, doc, protocol: of } of SYNTHETIC)
    found.push({ name, type, doc, how: 'index', protocol: of, header: false, known: null })
  for (const { name, type, doc, protocol: of } of PAYLOADS)
    found.push({ name, type, doc, how: 'decode', protocol: of, header: false, known: null })
  for (const field of registered) {
    const { name, type, doc } = field
    found.push({ name, type, doc, how: howOf(field), protocol: decoders[field.decoder]!.id, header: false, known: field })
  }
  const names = new Set<string>()
  // A protocol before a field of the same name, what is computed before what is read.
  return found.filter(({ name }) => !names.has(name) && names.add(name) !== undefined)
}
const protocol = (name: string, doc: string, header: boolean): FilterField => ({
  name,
  type: 'protocol',
  doc,
  how: 'index',
  protocol: name,
  header,
  known: null,
})

/** All that need no dissection, protocols first. */
export const ownFields: readonly FilterField[] = ownOnes()
const byName: ReadonlyMap<string, FilterField> = new Map(ownFields.map((field) => [field.name, field]))
export const ownField = (name: string): FilterField | undefined => byName.get(name)

/** A field that only the full dissection knows. */
export function dissectedField(name: string, type: string, title: string): FilterField {
  return { name, type: typeOf(type), doc: title, how: 'dissect', protocol: null, header: false, known: null }
}

const TYPES: readonly (readonly [RegExp, FilterType])[] = [
  [/^FT_NONE$/, 'none'],
  [/^FT_PROTOCOL$/, 'protocol'],
  [/^FT_BOOLEAN$/, 'bool'],
  [/^FT_(?:CHAR|UINT\d+|FRAMENUM)$/, 'uint'],
  [/^FT_INT\d+$/, 'int'],
  [/^FT_(?:FLOAT|DOUBLE)$/, 'float'],
  [/^FT_(?:STRING\w*|UINT_STRING)$/, 'text'],
  [/^FT_(?:BYTES|UINT_BYTES)$/, 'bytes'],
  [/^FT_ETHER$/, 'ether'],
  [/^FT_IPv4$/, 'ipv4'],
  [/^FT_IPv6$/, 'ipv6'],
  [/^FT_ABSOLUTE_TIME$/, 'time'],
  [/^FT_RELATIVE_TIME$/, 'duration'],
]
const typeOf = (wireshark: string): FilterType => TYPES.find(([pattern]) => pattern.test(wireshark))?.[1] ?? 'other'
