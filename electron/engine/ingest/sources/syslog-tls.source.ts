import { defineSource } from './define.ts'
import { addressText } from './listening.ts'
import { startSyslogConnections } from './syslog-connections.ts'
import { createTlsServer } from './tls-server.ts'

export default defineSource({
  kind: 'syslog-tls',
  title: 'Syslog over TLS',
  doc: 'Listens for syslog over TLS 1.2 or 1.3 (RFC 5425) with the certificate and key of two PEM files; where an authority is given, senders must show a certificate of it. Otherwise as syslog over TCP: records counted or ended by line, senders wait while the store has no room, at most 256 connections. The files are read when listening begins.',
  start: (context) =>
    startSyslogConnections(context, 'TLS', async (notices) => ({
      server: await createTlsServer(context.input, notices),
      event: 'secureConnection',
    })),
  async sample({ address, port }) {
    return { fileName: '', origin: `TLS ${addressText(address, port)}`, head: null, whole: false }
  },
})
