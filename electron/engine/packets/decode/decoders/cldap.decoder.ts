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
  examples: [
    {
      name: 'a search for a domain controller',
      messages: {
        transport: 'udp',
        port: 389,
        sent: [
          {
            by: 0,
            hex: '303e020107633904000a01000a0100020100020100010100a01aa3180409446e 73446f6d61696e040b6578616d706c652e636f6d300a04084e65746c6f676f6e',
          },
        ],
      },
      expect: {
        stack: 'cldap',
        line: 'searchRequest(7) "<ROOT>" baseObject ',
        facts: {
          'ldap.filter_text': '(&(DnsDomain=example.com))',
          'ldap.AttributeDescription': 'Netlogon',
        },
      },
    },
  ],
})
