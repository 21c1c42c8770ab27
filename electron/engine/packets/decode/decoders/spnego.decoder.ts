import { element, elements, inside, integer, oid, type Element } from '../ber.ts'
import { defineDecoder, type Facts } from '../define.ts'

/** Both names of Kerberos 5 begin like this, and nothing else that is negotiated does. */
const MICROSOFT_AND_MIT = '1.2.840.'
const NTLM = '1.3.6.1.4.1.311.2.2.10'

/** Bytes of `NTLMSSP`. */
const isNtlm = (data: Uint8Array, at: number, to: number): boolean =>
  to - at >= 8 && data[at] === 0x4e && data[at + 1] === 0x54 && data[at + 2] === 0x4c && data[at + 3] === 0x4d

/** State of a negotiation: the mechanism that was agreed on, or is hoped for. */
interface Negotiation {
  mechanism: '' | 'spnego-krb5' | 'ntlmssp'
}
const mechanismOf = (name: string): Negotiation['mechanism'] =>
  name.startsWith(MICROSOFT_AND_MIT) ? 'spnego-krb5' : name === NTLM ? 'ntlmssp' : ''

function token(data: Uint8Array, octets: Element | undefined, state: Negotiation, out: Facts): void {
  if (octets === undefined || octets.tag !== 0x04 || octets.to <= octets.from) return
  if (isNtlm(data, octets.from, octets.to)) out.inner('ntlmssp', data, octets.from, octets.to)
  else if (data[octets.from] === 0x60) out.inner('spnego-krb5', data, octets.from, octets.to)
  else if (state.mechanism !== '') out.inner(state.mechanism, data, octets.from, octets.to)
}

export default defineDecoder<Negotiation>({
  id: 'spnego',
  title: 'SPNEGO',
  spec: 'https://www.rfc-editor.org/rfc/rfc4178#section-4.2',
  doc: 'Negotiation of a security mechanism: what is offered, what was chosen, and the token of the mechanism inside.',
  on: [],
  fields: [
    { name: 'spnego.MechType', type: 'text', doc: 'Mechanism that is offered' },
    { name: 'spnego.negResult', type: 'uint', doc: 'State: 0 accepted, 1 incomplete, 2 rejected, 3 request MIC' },
    { name: 'spnego.supportedMech', type: 'text', doc: 'Mechanism that was chosen' },
  ],
  begin: () => ({ mechanism: '' }),
  message({ data, from, to }, state, out) {
    const outer = element(data, from, to)
    // DCE RPC hands the frame of GSS-API with it.
    const mechanism = outer?.tag === 0x60 ? element(data, outer.from, outer.to) : null
    if (mechanism?.tag === 0x06)
      out.fact('gss-api.OID', oid(data, mechanism.from, mechanism.to), mechanism.from, mechanism.to - mechanism.from)
    const choice = mechanism === null ? outer : element(data, mechanism.next, to)
    const sequence = choice === null ? null : element(data, choice.from, choice.to)
    if (choice === null || sequence === null || sequence.tag !== 0x30) return out.malformed()
    if (choice.tag === 0xa0) {
      const mechanisms = inside(data, sequence, 0)
      if (mechanisms !== undefined)
        for (const [i, one] of elements(data, mechanisms.from, mechanisms.to, 32).entries()) {
          if (one.tag !== 0x06) continue
          const name = oid(data, one.from, one.to)
          out.fact('spnego.MechType', name, one.from, one.to - one.from)
          if (i === 0) state.mechanism = mechanismOf(name)
        }
      token(data, inside(data, sequence, 2), state, out)
      token(data, inside(data, sequence, 3), state, out)
      return
    }
    if (choice.tag !== 0xa1) return out.malformed()
    const result = inside(data, sequence, 0)
    const value = integer(data, result)
    if (result !== undefined && value !== undefined) out.fact('spnego.negResult', value, result.from, 1)
    const chosen = inside(data, sequence, 1)
    if (chosen !== undefined) {
      const name = oid(data, chosen.from, chosen.to)
      out.fact('spnego.supportedMech', name, chosen.from, chosen.to - chosen.from)
      state.mechanism = mechanismOf(name)
    }
    token(data, inside(data, sequence, 2), state, out)
    token(data, inside(data, sequence, 3), state, out)
  },
  examples: [
    {
      name: 'NTLM is offered, and taken',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '0000009afe534d42400001000000000001000100000000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 0000000019000001000000000000000058004200000000000000000060400606 2b0601050502a0363034a00e300c060a2b06010401823702020aa22204204e54 4c4d53535000010000000702000000000000000000000000000000000000',
          },
          {
            by: 1,
            hex: '000000ddfe534d4240000100160000c001000100010000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 000000000900000048009500a1819230818fa0030a0101a10c060a2b06010401 823702020aa27a04784e544c4d53535000020000000c000c0030000000050280 00010203040506070800000000000000003c003c003c0000004f004600460049 004300450002000c004f0046004600490043004500040024006f006600660069 00630065002e006500780061006d0070006c0065002e0063006f006d00000000 00',
          },
        ],
      },
      expect: {
        stack: 'nbss:smb2:gss-api:spnego:ntlmssp',
        line: 'Session Setup Response, Error: STATUS_MORE_PROCESSING_REQUIRED, NTLMSSP_CHALLENGE',
        facts: {
          'spnego.MechType': '1.3.6.1.4.1.311.2.2.10',
          'spnego.negResult': 1,
          'spnego.supportedMech': '1.3.6.1.4.1.311.2.2.10',
        },
      },
    },
  ],
})
