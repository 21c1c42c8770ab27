import { namedDecoder } from '../named.ts'
import { u32, u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

const WORDS: Readonly<Record<number, string>> = {
  2: 'Identity Protection (Main Mode)',
  4: 'Aggressive',
  5: 'Informational',
  6: 'Transaction (Config Mode)',
  32: 'Quick Mode',
  33: 'New Group Mode',
  34: 'IKE_SA_INIT',
  35: 'IKE_AUTH',
  36: 'CREATE_CHILD_SA',
  37: 'INFORMATIONAL',
}

export default namedDecoder({
  id: 'isakmp',
  title: 'ISAKMP',
  spec: 'https://www.rfc-editor.org/rfc/rfc7296',
  doc: 'How IPsec agrees on keys (IKE): kind of exchange and version. Payloads are not read.',
  on: [
    { table: 'udpPort', keys: [500] },
    { table: 'other', keys: [OTHER.isakmp] },
  ],
  fields: [
    u8('isakmp.version', 'Version', 17),
    u8('isakmp.exchangetype', 'Exchange', 18),
    u8('isakmp.flags', 'Flags', 19),
    u32('isakmp.messageid', 'Message', 20),
    u32('isakmp.length', 'Length', 24),
  ],
  line: (p, at, end) => {
    if (at + 24 > end) return 'ISAKMP'
    const word = WORDS[p.data[at + 18]!] ?? `Unknown ${p.data[at + 18]!}`
    if (p.data[at + 17]! >> 4 !== 2) return word
    const flags = p.data[at + 19]!
    const number = p.view
      .getUint32(at + 20)
      .toString(16)
      .padStart(2, '0')
    return `${word} MID=${number} ${flags & 8 ? 'Initiator' : 'Responder'} ${flags & 0x20 ? 'Response' : 'Request'}`
  },
  examples: [
    {
      name: 'the first message of version 2',
      packet: {
        link: 228,
        hex: '45000038 00010000 40110000 c0000201 c0000202 01f4 01f4 0024 0000 0000000000000001 0000000000000000 21 20 22 08 00000000 0000001c',
      },
      expect: { stack: 'ip:udp:isakmp', line: 'IKE_SA_INIT MID=00 Initiator Request', facts: { 'isakmp.version': 32 } },
    },
  ],
})
