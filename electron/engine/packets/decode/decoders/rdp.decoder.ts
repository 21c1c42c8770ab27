import { lineFeed, lineText, printable } from '../bytes-text.ts'
import { defineDecoder } from '../define.ts'

const FAILURES: Readonly<Record<number, string>> = {
  1: 'SSL required by server',
  2: 'SSL not allowed by server',
  3: 'SSL certificate not on server',
  4: 'Inconsistent flags',
  5: 'Hybrid required by server',
  6: 'SSL with user authentication required by server',
}
const COOKIE = 'Cookie: mstshash='

export default defineDecoder({
  id: 'rdp',
  title: 'RDP',
  spec: 'https://learn.microsoft.com/openspecs/windows_protocols/ms-rdpbcgr/902b090b-9cb3-4efc-92bf-ee13373371e3',
  doc: "Remote desktop's first exchange: the cookie with a user's name, and the negotiation of security. Where TLS is agreed on, the flow is TLS from then on.",
  on: [],
  fields: [
    { name: 'rdp.rt_cookie', type: 'text', doc: 'Routing token or cookie' },
    { name: 'rdp.user', type: 'text', doc: 'User of the cookie (own field)' },
    { name: 'rdp.neg_type', type: 'uint', doc: 'Negotiation: 1 request, 2 response, 3 failure' },
    { name: 'rdp.negReq.requestedProtocols', type: 'uint', doc: 'Security that is offered, as bits' },
    { name: 'rdp.negReq.selectedProtocol', type: 'uint', doc: 'Security that was chosen' },
    { name: 'rdp.negFailure.failureCode', type: 'uint', doc: 'Failure' },
  ],
  message({ data, view, from, to }, _, out) {
    const said: string[] = []
    let at = from
    if (data[at] === 0x43) {
      const feed = lineFeed(data, at, to)
      const end = feed < 0 ? to : lineText(data, at, feed)
      const cookie = printable(data, at, end, 512)
      out.fact('rdp.rt_cookie', cookie, at, end - at)
      if (cookie.startsWith(COOKIE))
        out.fact('rdp.user', cookie.slice(COOKIE.length), at + COOKIE.length, end - at - COOKIE.length)
      said.push(cookie)
      at = feed < 0 ? to : feed + 1
    }
    if (at + 8 <= to && view.getUint16(at + 2, true) === 8) {
      const type = data[at]!
      const value = view.getUint32(at + 4, true)
      out.fact('rdp.neg_type', type, at, 1)
      if (type === 1) {
        out.fact('rdp.negReq.requestedProtocols', value, at + 4, 4)
        said.push('Negotiate Request')
      } else if (type === 2) {
        out.fact('rdp.negReq.selectedProtocol', value, at + 4, 4)
        said.push('Negotiate Response')
        if (value !== 0) out.become('tls')
      } else if (type === 3) {
        out.fact('rdp.negFailure.failureCode', value, at + 4, 4)
        said.push(`Negotiate Failure${FAILURES[value] === undefined ? '' : `: ${FAILURES[value]}`}`)
      }
    }
    out.line(said.join(', '))
  },
  examples: [
    {
      name: 'a cookie, and security that is agreed on',
      messages: {
        transport: 'tcp',
        port: 3389,
        sent: [
          { by: 0, hex: '0300002b26e00000000000436f6f6b69653a206d737473686173683d616c6963 650d0a0100080003000000' },
          { by: 1, hex: '030000130ed000000001000200080002000000' },
        ],
      },
      expect: {
        stack: 'tpkt:cotp:rdp',
        line: 'CR TPDU src-ref: 0x0000 dst-ref: 0x0000, Cookie: mstshash=alice, Negotiate Request',
        facts: {
          'rdp.rt_cookie': 'Cookie: mstshash=alice',
          'rdp.user': 'alice',
          'rdp.negReq.requestedProtocols': 3,
          'rdp.negReq.selectedProtocol': 2,
        },
      },
    },
  ],
})
