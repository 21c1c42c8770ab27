import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'dccp',
  title: 'DCCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc4340',
  doc: 'Datagrams with congestion control. It is named only.',
  on: [{ table: 'ip', keys: [33] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 40210000 c0000201 e0000005 c3507531' },
      expect: { stack: 'ip:dccp' },
    },
  ],
})
