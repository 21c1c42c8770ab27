import { child, element, elements, integer, oid, textOf, type Element } from '../ber.ts'
import { defineDecoder, type Facts } from '../define.ts'

/** By tag: place in the standard's choice, and Wireshark's name. */
const PDUS: Readonly<Record<number, string>> = {
  0xa0: 'get-request',
  0xa1: 'get-next-request',
  0xa2: 'get-response',
  0xa3: 'set-request',
  0xa4: 'trap',
  0xa5: 'getBulkRequest',
  0xa6: 'informRequest',
  0xa7: 'snmpV2-trap',
  0xa8: 'report',
}
/** Most variables of one message. */
const MOST_VARIABLES = 128

function number(data: Uint8Array, field: string, one: Element | undefined, out: Facts): number | undefined {
  const value = integer(data, one)
  if (one !== undefined && value !== undefined) out.fact(field, value, one.from, one.to - one.from)
  return value
}

function variables(data: Uint8Array, list: Element | undefined, out: Facts): string {
  let line = ''
  if (list === undefined) return line
  for (const one of elements(data, list.from, list.to, MOST_VARIABLES)) {
    const [name, value] = elements(data, one.from, one.to, 2)
    if (name === undefined || name.tag !== 0x06) continue
    const text = oid(data, name.from, name.to)
    out.fact('snmp.name', text, name.from, name.to - name.from)
    line += ` ${text}`
    if (value === undefined || !value.whole) continue
    if (value.tag === 0x04) {
      const length = Math.min(1024, value.to - value.from)
      out.fact('snmp.value.octets', data.slice(value.from, value.from + length), value.from, value.to - value.from)
    } else if (value.tag === 0x02) number(data, 'snmp.value.int', value, out)
    else if (value.tag === 0x06) out.fact('snmp.value.oid', oid(data, value.from, value.to), value.from, value.to - value.from)
  }
  return line
}

function pdu(data: Uint8Array, one: Element, out: Facts): void {
  const name = PDUS[one.tag]
  if (name === undefined) return out.malformed()
  out.fact('snmp.data', one.tag - 0xa0, one.at, 1)
  const parts = elements(data, one.from, one.to, 6)
  if (one.tag === 0xa4) {
    const [enterprise, , generic, specific, , bindings] = parts
    if (enterprise?.tag === 0x06)
      out.fact('snmp.enterprise', oid(data, enterprise.from, enterprise.to), enterprise.from, enterprise.to - enterprise.from)
    number(data, 'snmp.generic_trap', generic, out)
    number(data, 'snmp.specific_trap', specific, out)
    return out.line(
      `${name}${enterprise === undefined ? '' : ` ${oid(data, enterprise.from, enterprise.to)}`}${variables(data, bindings, out)}`,
    )
  }
  const [request, status, index, bindings] = parts
  number(data, 'snmp.request_id', request, out)
  if (one.tag === 0xa5) {
    number(data, 'snmp.non_repeaters', status, out)
    number(data, 'snmp.max_repetitions', index, out)
  } else {
    number(data, 'snmp.error_status', status, out)
    number(data, 'snmp.error_index', index, out)
  }
  out.line(`${name}${variables(data, bindings, out)}`)
}

export default defineDecoder({
  id: 'snmp',
  title: 'SNMP',
  spec: 'https://www.rfc-editor.org/rfc/rfc3416',
  doc: 'SNMP 1, 2c and 3: community or user, kind of request, names and plain values of variables. What version 3 encrypts is named only.',
  on: [{ table: 'udpPort', keys: [161, 162] }],
  fields: [
    { name: 'snmp.version', type: 'int', doc: 'Version: 0 is 1, 1 is 2c, 3' },
    { name: 'snmp.community', type: 'text', doc: 'Community' },
    { name: 'snmp.msgUserName', type: 'text', doc: 'User, of version 3' },
    { name: 'snmp.data', type: 'uint', doc: 'Kind of request' },
    { name: 'snmp.request_id', type: 'int', doc: 'Request' },
    { name: 'snmp.error_status', type: 'int', doc: 'Error' },
    { name: 'snmp.error_index', type: 'int', doc: 'Variable of the error' },
    { name: 'snmp.non_repeaters', type: 'uint', doc: 'Variables that are asked for once' },
    { name: 'snmp.max_repetitions', type: 'uint', doc: 'Repetitions of the others' },
    { name: 'snmp.enterprise', type: 'text', doc: 'Enterprise of a trap' },
    { name: 'snmp.generic_trap', type: 'int', doc: 'Trap' },
    { name: 'snmp.specific_trap', type: 'int', doc: "Enterprise's trap" },
    { name: 'snmp.name', type: 'text', doc: 'Name of a variable' },
    { name: 'snmp.value.octets', type: 'bytes', doc: 'Its value, octets' },
    { name: 'snmp.value.int', type: 'int', doc: 'Its value, a number' },
    { name: 'snmp.value.oid', type: 'text', doc: 'Its value, a name' },
  ],
  message({ data, from, to, length }, _, out) {
    const message = element(data, from, to)
    // What states more than the datagram has is not SNMP.
    if (message === null || message.tag !== 0x30 || message.next > from + length) return
    const [version, second, third, fourth] = elements(data, message.from, message.to, 4)
    const which = integer(data, version)
    if (which === undefined || which < 0 || which > 3 || second === undefined) return
    number(data, 'snmp.version', version, out)
    if (which !== 3) {
      if (second.tag !== 0x04) return out.malformed()
      out.fact('snmp.community', textOf(data, second), second.from, second.to - second.from)
      if (third === undefined) out.malformed()
      else pdu(data, third, out)
      return
    }
    // Version 3: header, security parameters, then what may be encrypted.
    const parameters = third === undefined ? null : element(data, third.from, third.to)
    const user = parameters === null ? undefined : elements(data, parameters.from, parameters.to, 4)[3]
    if (user?.tag === 0x04) out.fact('snmp.msgUserName', textOf(data, user), user.from, user.to - user.from)
    if (fourth?.tag !== 0x30) return out.line('encryptedPDU: privKey Unknown')
    const inner = elements(data, fourth.from, fourth.to, 3)[2] ?? child(data, fourth, 0xa8)
    if (inner === undefined) out.malformed()
    else pdu(data, inner, out)
  },
  examples: [
    {
      name: 'a name is asked for, and told',
      messages: {
        transport: 'udp',
        port: 161,
        sent: [
          { by: 0, hex: '302602010104067075626c6963a01902014d020100020100300e300c06082b06 0102010105000500' },
          { by: 1, hex: '302b02010104067075626c6963a21e02014d0201000201003013301106082b06 0102010105000405636f726531' },
        ],
      },
      expect: {
        stack: 'snmp',
        line: 'get-response 1.3.6.1.2.1.1.5.0',
        facts: {
          'snmp.version': 1,
          'snmp.community': 'public',
          'snmp.data': ['0', '2'],
          'snmp.request_id': 77,
          'snmp.name': '1.3.6.1.2.1.1.5.0',
          'snmp.value.octets': '636f726531',
        },
      },
    },
    {
      name: 'a user of version 3, sealed',
      messages: {
        transport: 'udp',
        port: 161,
        sent: [
          {
            by: 0,
            hex: '3042020103300e020101020300ffe3040107020103041b301904038000010201 0102010204086f70657261746f720400040004105a5a5a5a5a5a5a5a5a5a5a5a 5a5a5a5a',
          },
        ],
      },
      expect: {
        line: 'encryptedPDU: privKey Unknown',
        facts: {
          'snmp.msgUserName': 'operator',
        },
      },
    },
  ],
})
