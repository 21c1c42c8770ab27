import { elementLength } from '../ber.ts'
import { defineDecoder } from '../define.ts'
import { ldapFields, ldapState, readLdap, type LdapState } from '../ldap-message.ts'

/** Longest message, and longest wrapped one, that is believed. */
const MOST = 16 << 20

export default defineDecoder<LdapState>({
  id: 'ldap',
  title: 'LDAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc4511',
  doc: 'LDAP: binds with name and mechanism, searches with base, scope, filter and attributes, changes, results. Messages that SASL wraps are named only; after StartTLS the flow is TLS.',
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
    const { data, from, to } = m
    if (data[from] !== 0x30) {
      state.sasl ||= 'GSSAPI'
      out.line(`SASL GSS-API Privacy: payload (${m.length - 4} bytes)`)
      return
    }
    const read = readLdap(data, from, to, out, state)
    if (read === null) out.malformed()
    else if (read.line !== '') out.line(read.line)
    out.protocol('LDAP')
  },
  examples: [],
})
