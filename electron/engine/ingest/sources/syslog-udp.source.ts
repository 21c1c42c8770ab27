import { defineSource } from './define.ts'
import { addressText } from './listening.ts'
import { startDatagrams } from './datagrams.ts'

export default defineSource({
  kind: 'syslog-udp',
  title: 'Syslog over UDP',
  doc: 'Listens for syslog over UDP (RFC 5426): each datagram is one record. UDP has no receipts: datagrams that come while the store has no room are lost, and counted; on Linux also those that the system dropped. The sender is told by its address alone, which UDP lets anyone write.',
  start: (context) => startDatagrams(context),
  async sample({ address, port }) {
    return { fileName: '', origin: `UDP ${addressText(address, port)}`, head: null, whole: false }
  },
})
