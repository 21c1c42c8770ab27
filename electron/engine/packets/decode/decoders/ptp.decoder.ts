import { namedDecoder } from '../named.ts'

const WORDS: Readonly<Record<number, string>> = {
  0: 'Sync Message',
  1: 'Delay_Req Message',
  8: 'Follow_Up Message',
  9: 'Delay_Resp Message',
  11: 'Announce Message',
  12: 'Signalling Message',
  13: 'Management Message',
}

export default namedDecoder({
  id: 'ptp',
  title: 'PTPv2',
  spec: 'https://standards.ieee.org/ieee/1588/6825/',
  doc: 'Precise time over Ethernet or UDP. It is named only.',
  on: [
    { table: 'etherType', keys: [0x88f7] },
    { table: 'udpPort', keys: [319, 320] },
  ],
  line: (p, at, end) => (at < end ? WORDS[p.data[at]! & 15] : undefined) ?? 'PTPv2',
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 88f7 0002' },
      expect: { stack: 'eth:ethertype:ptp' },
    },
  ],
})
