import { isKerberosTag, readKerberos } from '../kerberos-message.ts'
import { defineDecoder } from '../define.ts'

/** Longest message over TCP that is believed. */
const MOST = 1 << 20

export default defineDecoder({
  id: 'kerberos',
  title: 'KRB5',
  spec: 'https://www.rfc-editor.org/rfc/rfc4120#section-5',
  doc: 'Kerberos 5 requests, replies and errors: type, realms, client and service names, encryption types, error code. Nothing is decrypted.',
  on: [
    { table: 'udpPort', keys: [88] },
    { table: 'tcpPort', keys: [88] },
  ],
  fields: [
    { name: 'kerberos.msg_type', type: 'int', doc: 'Message type' },
    { name: 'kerberos.realm', type: 'text', doc: 'Realm of the service' },
    { name: 'kerberos.crealm', type: 'text', doc: 'Realm of the client' },
    { name: 'kerberos.CNameString', type: 'text', doc: "Part of the client's name" },
    { name: 'kerberos.SNameString', type: 'text', doc: "Part of the service's name" },
    { name: 'kerberos.ENCTYPE', type: 'int', doc: 'Encryption type that is asked for' },
    { name: 'kerberos.etype', type: 'int', doc: 'Encryption type of what is encrypted' },
    { name: 'kerberos.padata_type', type: 'int', doc: 'Type of preauthentication data' },
    { name: 'kerberos.error_code', type: 'int', doc: 'Error code' },
    { name: 'kerberos.e_text', type: 'text', doc: 'Text of the error' },
  ],
  stream: {
    length(data, from, to) {
      if (to - from < 5) return 0
      const length = (((data[from]! & 0x7f) << 24) | (data[from + 1]! << 16) | (data[from + 2]! << 8) | data[from + 3]!) >>> 0
      return length > MOST || !isKerberosTag(data[from + 4]!) ? -1 : 4 + length
    },
  },
  message(m, _, out) {
    const line = readKerberos(m.data, m.from + (m.transport === 'tcp' ? 4 : 0), m.to, out)
    if (line === null) out.malformed()
    else out.line(line)
  },
  examples: [],
})
