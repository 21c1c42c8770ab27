import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'

export default defineDecoder({
  id: 'ethertype',
  title: 'Ethertype',
  spec: 'https://www.iana.org/assignments/ieee-802-numbers',
  doc: 'No header of its own: chooses what follows by an Ethernet type, as Wireshark names it between two layers.',
  on: [],
  fields: [],
  header(p) {
    p.goTo(TABLE.etherType, p.key)
  },
  examples: [
    {
      name: 'a type that is not known',
      packet: { link: 1, hex: '020000000001 020000000002 88b5 01020304' },
      expect: { stack: 'eth:ethertype:data' },
    },
  ],
})
