import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'hip',
  title: 'HIP',
  spec: 'https://www.rfc-editor.org/rfc/rfc7401',
  doc: 'Hosts that are known by a key instead of an address. It is named only.',
  on: [{ table: 'ip', keys: [139] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 408b0000 c0000201 e0000005 3b040111' },
      expect: { stack: 'ip:hip' },
    },
  ],
})
