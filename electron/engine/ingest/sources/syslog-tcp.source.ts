import { createServer } from 'node:net'
import { defineSource } from './define.ts'
import { addressText } from './listening.ts'
import { startSyslogConnections } from './syslog-connections.ts'

export default defineSource({
  kind: 'syslog-tcp',
  title: 'Syslog over TCP',
  doc: 'Listens for syslog over TCP (RFC 6587), records counted or ended by line feed, CRLF or NUL, as each sender has it, also mixed. While the store has no room, senders wait. At most 256 connections at once; a record over 4 MiB, or one that is not whole after a minute, is rejected. TCP syslog has no receipts: what a sender had under way when a connection broke is lost.',
  start: (context) => startSyslogConnections(context, 'TCP', async () => ({ server: createServer(), event: 'connection' })),
  async sample({ address, port }) {
    return { fileName: '', origin: `TCP ${addressText(address, port)}`, head: null, whole: false }
  },
})
