import { namedDecoder } from '../named.ts'
import { ether, hex, ipv4, latin1 } from '../text.ts'
import type { DecoderField } from '../define.ts'
import type { Packet } from '../packet.ts'

const CHASSIS = 1
const PORT = 2
const TIME = 3
const PORT_DESCRIPTION = 4
const SYSTEM_NAME = 5
const SYSTEM_DESCRIPTION = 6
const MOST_ELEMENTS = 64

/** Place and length of the first element of this kind, or null. Kind and length share two bytes: 7 bits and 9. */
function element(p: Packet, at: number, end: number, kind: number): { readonly from: number; readonly to: number } | null {
  for (let i = at, n = 0; i + 2 <= end && n < MOST_ELEMENTS; n++) {
    const head = p.view.getUint16(i)
    const to = i + 2 + (head & 0x1ff)
    if (head === 0 || to > end) return null
    if (head >> 9 === kind) return { from: i + 2, to }
    i = to
  }
  return null
}
/** Some devices end their texts as C does. */
function untilZero(p: Packet, from: number, to: number): string {
  const zero = p.data.subarray(from, to).indexOf(0)
  return latin1(p.data, from, zero < 0 ? to : from + zero)
}
const text = (name: string, doc: string, kind: number): DecoderField => ({
  name,
  type: 'text',
  doc,
  read(p, at, end) {
    const found = element(p, at, end, kind)
    return found === null ? undefined : untilZero(p, found.from, found.to)
  },
})

/** Kinds of identifiers, as Wireshark's line shortens them: of a device, of a port. */
const OF_CHASSIS = ['', 'CC', 'IA', 'PC', 'MA', 'NA', 'IN', 'LA'] as const
const OF_PORT = ['', 'IA', 'PC', 'MA', 'NA', 'IN', 'CI', 'LA'] as const
function identifier(p: Packet, at: number, end: number, kind: number, words: readonly string[]): string {
  const found = element(p, at, end, kind)
  if (found === null || found.to - found.from < 2) return ''
  const word = words[p.data[found.from]!] ?? ''
  const [from, to] = [found.from + 1, found.to]
  if (word === 'MA' && to - from === 6) return `${word}/${ether(p.data, from)} `
  if (word === 'NA' && to - from === 5 && p.data[from] === 1) return `${word}/${ipv4(p.view.getUint32(from + 1))} `
  return `${word}/${word === 'MA' || word === 'NA' ? hex(p.data, from, to) : latin1(p.data, from, to)} `
}

export default namedDecoder({
  id: 'lldp',
  title: 'LLDP',
  spec: 'https://standards.ieee.org/ieee/802.1AB/6047/',
  doc: 'What a device says of itself to its neighbours: device, port and system. Elements of organizations are not read.',
  on: [{ table: 'etherType', keys: [0x88cc] }],
  fields: [
    {
      name: 'lldp.chassis.id.mac',
      type: 'ether',
      doc: 'Device',
      read(p, at, end) {
        const found = element(p, at, end, CHASSIS)
        const is = found !== null && found.to - found.from === 7 && p.data[found.from] === 4
        return is ? p.data.subarray(found.from + 1, found.to) : undefined
      },
    },
    {
      name: 'lldp.time_to_live',
      type: 'uint',
      doc: 'Time to live, seconds',
      read(p, at, end) {
        const found = element(p, at, end, TIME)
        return found !== null && found.to - found.from >= 2 ? p.view.getUint16(found.from) : undefined
      },
    },
    text('lldp.port.desc', 'Description of the port', PORT_DESCRIPTION),
    text('lldp.tlv.system.name', 'Name', SYSTEM_NAME),
    text('lldp.tlv.system.desc', 'Description', SYSTEM_DESCRIPTION),
  ],
  line(p, at, end) {
    let line = identifier(p, at, end, CHASSIS, OF_CHASSIS) + identifier(p, at, end, PORT, OF_PORT)
    const time = element(p, at, end, TIME)
    if (time !== null && time.to - time.from >= 2) line += `${p.view.getUint16(time.from)} `
    for (const [word, kind] of [
      ['SysN', SYSTEM_NAME],
      ['SysD', SYSTEM_DESCRIPTION],
    ] as const) {
      const found = element(p, at, end, kind)
      if (found !== null) line += `${word}=${untilZero(p, found.from, found.to)} `
    }
    return line || 'LLDP'
  },
  examples: [
    {
      name: 'an announcement',
      packet: {
        link: 1,
        hex: '0180c200000e 020000000002 88cc 0207 04 020000000002 0404 05 476931 0602 0078 0a03 737731 0000',
      },
      expect: {
        stack: 'eth:ethertype:lldp',
        line: 'MA/02:00:00:00:00:02 IN/Gi1 120 SysN=sw1 ',
        facts: { 'lldp.tlv.system.name': 'sw1', 'lldp.time_to_live': 120, 'lldp.chassis.id.mac': '02:00:00:00:00:02' },
      },
    },
  ],
})
