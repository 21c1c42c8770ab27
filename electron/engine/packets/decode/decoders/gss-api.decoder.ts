import { element, oid } from '../ber.ts'
import { defineDecoder } from '../define.ts'

const SPNEGO = '1.3.6.1.5.5.2'
/** Kerberos 5, as registered, and as Windows 2000 shortened it. */
const KERBEROS = new Set(['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2', '1.2.840.113554.1.2.2.3'])
const NTLMSSP = '1.3.6.1.4.1.311.2.2.10'

export default defineDecoder({
  id: 'gss-api',
  title: 'GSS-API',
  spec: 'https://www.rfc-editor.org/rfc/rfc2743#section-3.1',
  doc: 'The frame of a first security token, and tokens that come without one: chooses SPNEGO, Kerberos or NTLM.',
  on: [],
  fields: [{ name: 'gss-api.OID', type: 'text', doc: 'Mechanism' }],
  message({ data, from, to }, _, out) {
    const token = element(data, from, to)
    if (token === null) {
      if (to > from) out.malformed()
      return
    }
    // NegTokenInit and NegTokenResp without a frame.
    if (token.tag === 0xa0 || token.tag === 0xa1) return out.inner('spnego', data, from, to)
    if (token.tag === 0x4e && data[from + 1] === 0x54) return out.inner('ntlmssp', data, from, to)
    // Signed or sealed by Kerberos (RFC 4121, section 4.2).
    if (token.tag === 0x05 || token.tag === 0x04) return out.inner('spnego-krb5', data, from, to)
    if (token.tag !== 0x60) return out.line('')
    const mechanism = element(data, token.from, token.to)
    if (mechanism === null || mechanism.tag !== 0x06) return out.malformed()
    const name = oid(data, mechanism.from, mechanism.to)
    out.fact('gss-api.OID', name, mechanism.from, mechanism.to - mechanism.from)
    if (name === SPNEGO) out.inner('spnego', data, mechanism.next, token.to)
    else if (KERBEROS.has(name)) out.inner('spnego-krb5', data, from, token.to)
    else if (name === NTLMSSP) out.inner('ntlmssp', data, mechanism.next, token.to)
  },
  examples: [
    {
      name: 'the first token of a session',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '0000009afe534d42400001000000000001000100000000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 0000000019000001000000000000000058004200000000000000000060400606 2b0601050502a0363034a00e300c060a2b06010401823702020aa22204204e54 4c4d53535000010000000702000000000000000000000000000000000000',
          },
        ],
      },
      expect: {
        stack: 'nbss:smb2:gss-api:spnego:ntlmssp',
        line: 'Session Setup Request, NTLMSSP_NEGOTIATE',
        facts: {
          'gss-api.OID': '1.3.6.1.5.5.2',
        },
      },
    },
  ],
})
