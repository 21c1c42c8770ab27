import { defineDecoder } from '../define.ts'
import { ldapState, readLdap, type LdapState } from '../ldap-message.ts'

export default defineDecoder<LdapState>({
  id: 'cldap',
  title: 'CLDAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1798',
  doc: 'LDAP in datagrams, with which Windows finds its domain controllers. Its fields are those of LDAP.',
  on: [{ table: 'udpPort', keys: [389] }],
  fields: [],
  begin: ldapState,
  message({ data, from, to }, state, out) {
    let text = ''
    let at = from
    for (let n = 0; n < 64 && at < to; n++) {
      const read = readLdap(data, at, to, out, state)
      if (read === null) {
        out.malformed()
        break
      }
      text += read.line
      at = read.next
    }
    if (text !== '') out.line(text)
    out.protocol('CLDAP')
  },
  examples: [],
})
