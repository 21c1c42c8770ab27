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
  examples: [
    {
      name: 'a ticket of a session',
      messages: {
        transport: 'tcp',
        port: 445,
        sent: [
          {
            by: 0,
            hex: '00000121fe534d42400001000000000001000100000000000000000002000000 00000000fffe0000000000002211000000000000000000000000000000000000 000000001900000100000000000000005800c90000000000000000006081c606 062b0601050502a081bb3081b8a00d300b06092a864886f712010202a281a604 81a36081a006092a864886f71201020201006e819030818da003020105a10302 010ea20703050020000000a35b61593057a003020105a10d1b0b4558414d504c 452e434f4da2243022a003020102a11b30191b04636966731b1166696c65732e 6578616d706c652e636f6da31b3019a003020112a2120410aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaa41b3019a003020112a2120410aaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaa',
          },
        ],
      },
      expect: {
        stack: 'nbss:smb2:gss-api:spnego:spnego-krb5',
        line: 'Session Setup Request',
        facts: {
          'spnego.krb5.tok_id': 1,
          'kerberos.msg_type': 14,
          'kerberos.realm': 'EXAMPLE.COM',
          'kerberos.SNameString': ['cifs', 'files.example.com'],
          'kerberos.etype': 18,
        },
      },
    },
  ],
})
