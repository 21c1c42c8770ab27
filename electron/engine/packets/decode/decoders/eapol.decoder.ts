import { namedDecoder } from '../named.ts'
import { u16, u8, where } from '../fields.ts'
import { latin1 } from '../text.ts'
import type { Packet } from '../packet.ts'

const WORDS = ['EAP Packet', 'Start', 'Logoff', 'Key', 'Encapsulated ASF Alert'] as const
const EAP_WORDS = ['', 'Request', 'Response', 'Success', 'Failure', 'Initiate', 'Finish'] as const
const METHODS: Readonly<Record<number, string>> = {
  1: 'Identity',
  2: 'Notification',
  3: 'Legacy Nak (Response Only)',
  4: 'MD5-Challenge EAP (EAP-MD5-CHALLENGE)',
  6: 'Generic Token Card EAP (EAP-GTC)',
  13: 'TLS EAP (EAP-TLS)',
  17: 'Cisco Wireless EAP / Lightweight EAP (EAP-LEAP)',
  18: 'GSM Subscriber Identity Modules EAP (EAP-SIM)',
  21: 'Tunneled TLS EAP (EAP-TTLS)',
  23: 'UMTS Authentication and Key Agreement EAP (EAP-AKA)',
  25: 'Protected EAP (EAP-PEAP)',
  43: 'Flexible Authentication via Secure Tunneling EAP (EAP-FAST)',
}
const RESPONSE = 2
const IDENTITY = 1
const isEap = (p: Packet, at: number, end: number): boolean => at + 8 <= end && p.data[at + 1] === 0
/** Requests and responses have a method. */
const hasMethod = (p: Packet, at: number, end: number): boolean =>
  isEap(p, at, end) && (p.data[at + 4] === 1 || p.data[at + 4] === RESPONSE) && at + 9 <= end

export default namedDecoder({
  id: 'eapol',
  title: 'EAPOL',
  spec: 'https://standards.ieee.org/ieee/802.1X/7345/',
  doc: 'Log-in to a port: kind of message, and of EAP inside the kind, method and identity.',
  on: [{ table: 'etherType', keys: [0x888e, 0x88c7] }],
  fields: [
    u8('eapol.version', 'Version', 0),
    u8('eapol.type', 'Type', 1),
    u16('eapol.len', 'Length', 2),
    where(isEap, u8('eap.code', 'EAP: kind of message', 4)),
    where(isEap, u8('eap.id', 'EAP: number', 5)),
    where(isEap, u16('eap.len', 'EAP: length', 6)),
    where(hasMethod, u8('eap.type', 'EAP: method', 8)),
    {
      name: 'eap.identity',
      type: 'text',
      doc: 'EAP: who logs in',
      place: [9, 0],
      read(p, at, end) {
        if (!hasMethod(p, at, end) || p.data[at + 4] !== RESPONSE || p.data[at + 8] !== IDENTITY) return undefined
        const to = Math.min(end, at + 4 + p.view.getUint16(at + 6))
        return to > at + 9 ? latin1(p.data, at + 9, to) : undefined
      },
    },
  ],
  column: (p, at) => (p.data[at + 1] === 0 ? 'EAP' : 'EAPOL'),
  line(p, at, end) {
    if (at + 2 > end) return 'EAPOL'
    if (!isEap(p, at, end)) return WORDS[p.data[at + 1]!] ?? 'EAPOL'
    const word = EAP_WORDS[p.data[at + 4]!] || 'EAP Packet'
    return hasMethod(p, at, end) ? `${word}, ${METHODS[p.data[at + 8]!] ?? `method ${p.data[at + 8]!}`}` : word
  },
  examples: [
    {
      name: 'a start',
      packet: { link: 1, hex: '0180c2000003 020000000002 888e 01 01 0000' },
      expect: { stack: 'eth:ethertype:eapol', line: 'Start', facts: { 'eapol.type': 1 } },
    },
    {
      name: 'who logs in',
      packet: { link: 1, hex: '0180c2000003 020000000002 888e 01 00 0008 02 07 0008 01 626f62' },
      expect: { stack: 'eth:ethertype:eapol', line: 'Response, Identity', facts: { 'eap.identity': 'bob', 'eap.code': 2 } },
    },
  ],
})
