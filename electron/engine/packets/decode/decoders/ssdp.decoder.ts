import { defineDecoder } from '../define.ts'
import { HttpHead } from '../http/head.ts'
import { readBody, readHead } from '../http/message.ts'

const head = new HttpHead()

export default defineDecoder({
  id: 'ssdp',
  title: 'SSDP',
  spec: 'https://openconnectivity.org/upnp-specs/UPnP-arch-DeviceArchitecture-v2.0-20200417.pdf',
  doc: 'Discovery of UPnP devices: heads of HTTP in datagrams. The fields are those of HTTP.',
  on: [{ table: 'udpPort', keys: [1900] }],
  fields: [],
  message(m, _, out) {
    if (head.read(m.data, m.from, m.to) <= 0) return out.malformed()
    readHead(head, m.data, [], out)
    readBody(head, m.data, head.end, m.to, out)
  },
  examples: [
    {
      name: 'a search',
      messages: {
        transport: 'udp',
        port: 1900,
        sent: [
          {
            by: 0,
            text: 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
          },
        ],
      },
      expect: { stack: 'ssdp', line: 'M-SEARCH * HTTP/1.1', facts: { 'http.host': '239.255.255.250:1900' } },
    },
  ],
})
