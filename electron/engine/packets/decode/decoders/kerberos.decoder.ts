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
  examples: [
    {
      name: 'a request, and its refusal',
      messages: {
        transport: 'tcp',
        port: 88,
        sent: [
          {
            by: 0,
            hex: '000000886a8185308182a103020105a20302010aa4763074a007030500408100 10a1123010a003020101a10930071b05616c696365a20d1b0b4558414d504c45 2e434f4da320301ea003020102a11730151b066b72627467741b0b4558414d50 4c452e434f4da511180f32303337303931333032343830355aa70402023039a8 0b3009020112020111020117',
          },
          {
            by: 1,
            hex: '000000767e743072a003020105a10302011ea411180f32303236303130323033 303430355aa503020101a603020119a90d1b0b4558414d504c452e434f4daa20 301ea003020102a11730151b066b72627467741b0b4558414d504c452e434f4d ac18041630143012a103020113a20b040930073005a003020112',
          },
        ],
      },
      expect: {
        stack: 'kerberos',
        line: 'KRB Error: KRB5KDC_ERR_PREAUTH_REQUIRED',
        facts: {
          'kerberos.msg_type': ['10', '30'],
          'kerberos.CNameString': 'alice',
          'kerberos.realm': 'EXAMPLE.COM',
          'kerberos.SNameString': ['krbtgt', 'EXAMPLE.COM', 'krbtgt', 'EXAMPLE.COM'],
          'kerberos.ENCTYPE': ['18', '17', '23'],
          'kerberos.error_code': 25,
          'kerberos.padata_type': 19,
        },
      },
    },
    {
      name: 'a request in a datagram',
      messages: {
        transport: 'udp',
        port: 88,
        sent: [
          {
            by: 0,
            hex: '6a8185308182a103020105a20302010aa4763074a00703050040810010a11230 10a003020101a10930071b05616c696365a20d1b0b4558414d504c452e434f4d a320301ea003020102a11730151b066b72627467741b0b4558414d504c452e43 4f4da511180f32303337303931333032343830355aa70402023039a80b300902 0112020111020117',
          },
        ],
      },
      expect: {
        stack: 'kerberos',
        line: 'AS-REQ',
        facts: {
          'kerberos.CNameString': 'alice',
        },
      },
    },
  ],
})
