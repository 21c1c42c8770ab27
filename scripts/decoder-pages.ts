/** Reference page of packet decoders, from their files. */
import type { DecoderDefinition, FieldType } from '../electron/engine/packets/decode/define.ts'
import type { Table } from '../electron/engine/packets/decode/dispatch.ts'
import { decoders } from '../electron/engine/packets/decode/registry.ts'

const GENERATED = '<!-- Written by `npm run reference` from the files themselves; do not edit. -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;')
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')

const TABLES: Readonly<Record<Table, string>> = {
  link: 'link type',
  etherType: 'Ethernet type',
  ip: 'IP protocol',
  udpPort: 'UDP port',
  tcpPort: 'TCP port',
  ppp: 'PPP protocol',
  llc: 'LLC DSAP',
  sctpPayload: 'SCTP payload protocol',
  sctpPort: 'SCTP port',
  bsdFamily: 'BSD address family',
  other: 'other table',
}
/** Numbers that are written in hexadecimal everywhere else. */
const HEX: ReadonlySet<Table> = new Set<Table>(['etherType', 'ppp', 'llc'])

const TYPES: Readonly<Record<FieldType, string>> = {
  uint: 'number',
  int: 'number',
  float: 'number',
  bool: 'true or false',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  ether: 'MAC address',
  text: 'text',
  bytes: 'bytes',
  time: 'time',
}

function ways({ on, guess }: DecoderDefinition): string {
  const parts = on.map(({ table: name, keys }) => {
    const shown = keys.map((key) => (HEX.has(name) ? `0x${key.toString(16).padStart(2, '0')}` : String(key)))
    return `${TABLES[name]} ${shown.slice(0, 24).join(', ')}${shown.length > 24 ? ` and ${shown.length - 24} more` : ''}`
  })
  if (guess !== undefined) parts.push('its first bytes, on any port')
  return parts.length === 0 ? 'other decoders' : parts.join('; ')
}

function section(decoder: DecoderDefinition): string {
  const { id, title, spec, doc, also = [], fields } = decoder
  const parts = [
    `## ${id}`,
    `${title}. ${cell(doc)}`,
    `Reached by ${ways(decoder)}.${also.length > 0 ? ` Adds ${also.map(code).join(', ')}.` : ''} [Specification](${spec})`,
  ]
  if (fields.length > 0)
    parts.push(
      table(
        ['field', 'type', 'meaning'],
        fields.map(({ name, type, doc: text }) => [code(name), TYPES[type], cell(text)]),
      ),
    )
  return parts.join('\n\n')
}

export const decodersPage = (): string =>
  [
    GENERATED,
    '# Protocols',
    `What the packet bench reads by itself: ${decoders.length} protocols, each a file in \`electron/engine/packets/decode/decoders\`. They give the list its lines, flows and events their facts, and display filters the fields below, under Wireshark's names. What is not listed is read by full dissection.`,
    ...decoders.map(section),
    '',
  ].join('\n\n')
