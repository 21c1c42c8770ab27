import { defineDecoder, type Facts, type Message } from '../define.ts'
import { utf16 } from '../little-endian.ts'
import { latin1 } from '../text.ts'

const UNICODE = 1
const TARGET_FIELDS: Readonly<Record<number, string>> = {
  1: 'ntlmssp.challenge.target_info.nb_computer_name',
  2: 'ntlmssp.challenge.target_info.nb_domain_name',
  3: 'ntlmssp.challenge.target_info.dns_computer_name',
  4: 'ntlmssp.challenge.target_info.dns_domain_name',
  5: 'ntlmssp.challenge.target_info.dns_tree_name',
}

/** Where a field of the payload lies: its length, a copy of it, and its offset in the message. */
function payload({ view, from, to }: Message, at: number): { readonly from: number; readonly to: number } | null {
  if (at + 8 > to) return null
  const begin = from + view.getUint32(at + 4, true)
  const end = begin + view.getUint16(at, true)
  return begin > to || end > to ? null : { from: begin, to: end }
}

/** A text of the payload as a fact; what it says. Texts that are empty are `NULL` to Wireshark. */
function text(m: Message, at: number, unicode: boolean, field: string, out: Facts): string {
  const place = payload(m, at)
  if (place === null) return ''
  const length = Math.min(place.to - place.from, 1024)
  const value = unicode ? utf16(m.data, place.from, place.from + length) : latin1(m.data, place.from, place.from + length)
  if (value === '') out.fact(field, 'NULL')
  else out.fact(field, value, place.from, place.to - place.from)
  return value
}

function targetInfo(m: Message, at: number, out: Facts): void {
  const place = payload(m, at)
  if (place === null) return
  for (let i = place.from, n = 0; i + 4 <= place.to && n < 32; n++) {
    const type = m.view.getUint16(i, true)
    const length = m.view.getUint16(i + 2, true)
    if (type === 0 || i + 4 + length > place.to) return
    const field = TARGET_FIELDS[type]
    if (field !== undefined) out.fact(field, utf16(m.data, i + 4, i + 4 + Math.min(length, 1024)), i + 4, length)
    i += 4 + length
  }
}

export default defineDecoder({
  id: 'ntlmssp',
  title: 'NTLMSSP',
  spec: 'https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/b38c36ed-2804-4868-a9ff-8dd3182128e4',
  doc: "NTLM's three messages: names of user, domain and host, the server's challenge and what it says of itself. Signatures and sealed data are recognised, not opened.",
  on: [],
  fields: [
    { name: 'ntlmssp.messagetype', type: 'uint', doc: 'Message type' },
    { name: 'ntlmssp.negotiateflags', type: 'uint', doc: 'Flags' },
    { name: 'ntlmssp.negotiate.domain', type: 'text', doc: "Client's domain" },
    { name: 'ntlmssp.negotiate.callingworkstation', type: 'text', doc: "Client's workstation" },
    { name: 'ntlmssp.challenge.target_name', type: 'text', doc: 'Target name' },
    { name: 'ntlmssp.ntlmserverchallenge', type: 'bytes', doc: "Server's challenge" },
    ...Object.values(TARGET_FIELDS).map((name) => ({ name, type: 'text' as const, doc: 'Of the target information' })),
    { name: 'ntlmssp.auth.domain', type: 'text', doc: 'Domain of the user' },
    { name: 'ntlmssp.auth.username', type: 'text', doc: 'User' },
    { name: 'ntlmssp.auth.hostname', type: 'text', doc: 'Host of the user' },
    { name: 'ntlmssp.auth.ntresponse', type: 'bytes', doc: 'NT response' },
  ],
  message(m, _, out) {
    const { data, view, from, to } = m
    // A signature: what it is made of cannot be read.
    if (to - from < 12 || view.getUint32(from) !== 0x4e544c4d) return out.line('')
    const type = view.getUint32(from + 8, true)
    out.fact('ntlmssp.messagetype', type, from + 8, 4)
    if (type === 1) {
      out.line('NTLMSSP_NEGOTIATE')
      if (to - from < 16) return
      out.fact('ntlmssp.negotiateflags', view.getUint32(from + 12, true), from + 12, 4)
      text(m, from + 16, false, 'ntlmssp.negotiate.domain', out)
      text(m, from + 24, false, 'ntlmssp.negotiate.callingworkstation', out)
    } else if (type === 2) {
      out.line('NTLMSSP_CHALLENGE')
      if (to - from < 32) return out.malformed()
      const flags = view.getUint32(from + 20, true)
      text(m, from + 12, (flags & UNICODE) !== 0, 'ntlmssp.challenge.target_name', out)
      out.fact('ntlmssp.negotiateflags', flags, from + 20, 4)
      out.fact('ntlmssp.ntlmserverchallenge', data.slice(from + 24, from + 32), from + 24, 8)
      if (to - from >= 48) targetInfo(m, from + 40, out)
    } else if (type === 3) {
      const flags = to - from >= 64 ? view.getUint32(from + 60, true) : UNICODE
      const unicode = (flags & UNICODE) !== 0
      const response = payload(m, from + 20)
      if (response !== null && response.to > response.from && response.to - response.from <= 4096)
        out.fact('ntlmssp.auth.ntresponse', data.slice(response.from, response.to), response.from, response.to - response.from)
      const domain = text(m, from + 28, unicode, 'ntlmssp.auth.domain', out)
      const user = text(m, from + 36, unicode, 'ntlmssp.auth.username', out)
      text(m, from + 44, unicode, 'ntlmssp.auth.hostname', out)
      if (to - from >= 64) out.fact('ntlmssp.negotiateflags', flags, from + 60, 4)
      out.line(`NTLMSSP_AUTH, User: ${domain}\\${user}`)
    } else out.malformed()
  },
  examples: [
    {
      name: 'challenge and answer',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 1,
            hex: '000000ddfe534d4240000100160000c001000100010000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 000000000900000048009500a1819230818fa0030a0101a10c060a2b06010401 823702020aa27a04784e544c4d53535000020000000c000c0030000000050280 00010203040506070800000000000000003c003c003c0000004f004600460049 004300450002000c004f0046004600490043004500040024006f006600660069 00630065002e006500780061006d0070006c0065002e0063006f006d00000000 00',
          },
          {
            by: 0,
            hex: '00000109fe534d42400001000000000001000100000000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 000000001900000100000000000000005800b1000000000000000000a181ae30 81aba0030a0101a10c060a2b06010401823702020aa281950481924e544c4d53 53500003000000180018004000000018001800580000000c000c00700000000a 000a007c0000000c000c00860000000000000092000000050200000000000000 0000000000000000000000000000000000000011111111111111111111111111 11111111111111111111114f004600460049004300450061006c006900630065 004400450053004b002d003700',
          },
        ],
      },
      expect: {
        line: 'Session Setup Request, NTLMSSP_AUTH, User: OFFICE\\alice',
        facts: {
          'ntlmssp.messagetype': ['2', '3'],
          'ntlmssp.challenge.target_name': 'OFFICE',
          'ntlmssp.ntlmserverchallenge': '0102030405060708',
          'ntlmssp.challenge.target_info.dns_domain_name': 'office.example.com',
          'ntlmssp.auth.domain': 'OFFICE',
          'ntlmssp.auth.username': 'alice',
          'ntlmssp.auth.hostname': 'DESK-7',
        },
      },
    },
  ],
})
