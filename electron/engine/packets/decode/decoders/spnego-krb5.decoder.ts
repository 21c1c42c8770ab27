import { element } from '../ber.ts'
import { readKerberos, readUserToUser } from '../kerberos-message.ts'
import { defineDecoder } from '../define.ts'

export default defineDecoder({
  id: 'spnego-krb5',
  title: 'SPNEGO-KRB5',
  spec: 'https://www.rfc-editor.org/rfc/rfc4121#section-4.1',
  doc: 'Kerberos as a security mechanism: the AP-REQ or AP-REP of a session that is set up, with the service of its ticket. Signatures and sealed data are recognised, not opened.',
  on: [],
  fields: [{ name: 'spnego.krb5.tok_id', type: 'uint', doc: 'Kind of token' }],
  message({ data, view, from, to }, _, out) {
    let at = from
    if (data[from] === 0x60) {
      const frame = element(data, from, to)
      const mechanism = frame === null ? null : element(data, frame.from, frame.to)
      if (mechanism === null) return out.malformed()
      at = mechanism.next
    } else if ((data[from]! & 0xe0) === 0x60) {
      // Microsoft's form without a frame, within DCE RPC.
      readKerberos(data, from, to, out)
      return
    }
    if (at + 2 > to) return
    out.fact('spnego.krb5.tok_id', view.getUint16(at, true), at, 2)
    const kind = view.getUint16(at)
    if (kind <= 0x0300) readKerberos(data, at + 2, to, out)
    else if (kind === 0x0400 || kind === 0x0401) readUserToUser(data, at + 2, to, out)
  },
  examples: [],
})
