import { elementLength } from '../ber.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { ldapFields, ldapState, readLdap, type LdapState } from '../ldap-message.ts'

/** Longest message, and longest wrapped one, that is believed. */
const MOST = 16 << 20
/** Most messages that are wrapped together. */
const MOST_WRAPPED = 256

/** Flag of a Kerberos token that is sealed (RFC 4121, section 4.2.2), and the length of its header. */
const SEALED = 2
const TOKEN = 16

const said = (read: ReturnType<typeof readLdap>, out: Facts): void => {
  if (read === null) out.malformed()
  else if (read.line !== '') out.line(read.line)
}

/** What SASL wraps: messages that Kerberos only signs are plain. */
function wrapped(m: Message, state: LdapState, out: Facts): void {
  const { data, view, to } = m
  const at = m.from + 4
  state.sasl ||= 'GSSAPI'
  const plain = at + TOKEN < to && view.getUint16(at) === 0x0504 && (data[at + 2]! & SEALED) === 0
  out.line(plain ? 'SASL GSS-API Integrity: ' : `SASL GSS-API Privacy: payload (${m.length - 4} bytes)`)
  out.inner('gss-api', data, at, to)
  if (!plain) return
  // The checksum is turned around to stand before the text, or stands behind it.
  const [extra, turned] = [view.getUint16(at + 4), view.getUint16(at + 6)]
  const end = turned === 0 ? to - extra : to
  let place = at + TOKEN + turned
  for (let n = 0; n < MOST_WRAPPED && place < end; n++) {
    const read = readLdap(data, place, end, out, state)
    said(read, out)
    if (read === null) return
    place = read.next
  }
}

export default defineDecoder<LdapState>({
  id: 'ldap',
  title: 'LDAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc4511',
  doc: 'LDAP: binds with name and mechanism, searches with base, scope, filter and attributes, changes, results. What SASL seals is named only, what it signs is read; after StartTLS the flow is TLS.',
  on: [{ table: 'tcpPort', keys: [389, 3268] }],
  fields: ldapFields,
  begin: ldapState,
  stream: {
    length(data, from, to, _, state) {
      if (to - from < 2) return 0
      if (data[from] === 0x30) return elementLength(data, from, to, MOST)
      // SASL (RFC 4422, section 3.7): a length and what is wrapped.
      if (state.sasl === '' && data[from] !== 0) return -1
      if (to - from < 6) return 0
      const length = ((data[from]! << 24) | (data[from + 1]! << 16) | (data[from + 2]! << 8) | data[from + 3]!) >>> 0
      const wrapped = data[from + 4] === 0x05 || data[from + 4] === 0x60 || data[from + 4] === 0x01
      return length > MOST || length < 12 || (state.sasl === '' && !wrapped) ? -1 : 4 + length
    },
  },
  message(m, state, out) {
    if (m.data[m.from] === 0x30) said(readLdap(m.data, m.from, m.to, out, state), out)
    else wrapped(m, state, out)
    out.protocol('LDAP')
  },
  examples: [
    {
      name: 'a bind and a search',
      messages: {
        transport: 'tcp',
        port: 389,
        sent: [
          { by: 0, hex: '302d0201016028020103041b636e3d7265616465722c64633d6578616d706c65 2c64633d636f6d8006736563726574' },
          { by: 1, hex: '300c02010161070a010004000400' },
          {
            by: 0,
            hex: '3043020102633e041164633d6578616d706c652c64633d636f6d0a01020a0100 020100020100010100a014a30c04037569640405616c2a636587046d61696c30 040402636e',
          },
          {
            by: 1,
            hex: '3023020102641e041a636e3d616c6963652c64633d6578616d706c652c64633d 636f6d3000300c02010265070a010004000400',
          },
        ],
      },
      expect: {
        stack: 'ldap',
        line: 'bindRequest(1) "cn=reader,dc=example,dc=com" simple ',
        facts: {
          'ldap.messageID': ['1', '1', '2', '2', '2'],
          'ldap.protocolOp': ['0', '1', '3', '4', '5'],
          'ldap.name': 'cn=reader,dc=example,dc=com',
          'ldap.baseObject': 'dc=example,dc=com',
          'ldap.filter_text': '(&(uid=al\\2ace)(mail=*))',
          'ldap.resultCode': 0,
          'ldap.objectName': 'cn=alice,dc=example,dc=com',
        },
      },
    },
  ],
})
