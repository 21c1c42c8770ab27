import { defineDecoder } from '../define.ts'
import { goToNext } from '../extension.ts'
import { bits, flag, readUint, u32, u8 } from '../fields.ts'

const place = readUint(2, 2)

export default defineDecoder({
  id: 'ipv6.fraghdr',
  title: 'IPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc8200',
  doc: 'Fragments, put together by the index. A “fragment” that is whole goes on at once.',
  on: [{ table: 'ip', keys: [44] }],
  fields: [
    u8('ipv6.fraghdr.nxt', 'Next header', 0),
    bits('ipv6.fraghdr.offset', 'Offset, units of 8 bytes', 2, 2, 0xfff8),
    flag('ipv6.fraghdr.more', 'More fragments', 3, 1),
    u32('ipv6.fraghdr.ident', 'Identification', 4),
  ],
  header(p) {
    if (!p.has(8)) return
    const { at, view } = p
    const next = p.data[at]!
    const offset = view.getUint16(at + 2) & 0xfff8
    const more = (view.getUint16(at + 2) & 1) !== 0
    p.at += 8
    if (offset > 0 || more) {
      if (p.quoted) {
        if (offset > 0) {
          p.next = p.dispatch.data
          return
        }
      } else {
        p.transport = next
        p.fragmentId = view.getUint32(at + 4)
        p.fragmentOffset = offset
        p.fragmentMore = more
        const whole = p.reassemble(next)
        if (whole !== null) p.switchTo(whole)
        else if (offset > 0 || p.end >= p.stated) {
          p.next = p.dispatch.data
          return
        }
      }
    }
    goToNext(p, next)
  },
  line(p, at, end) {
    const value = place(p, at, end)
    if (value === undefined || at + 8 > end) return 'IPv6 fragment'
    const ident = p.view
      .getUint32(at + 4)
      .toString(16)
      .padStart(8, '0')
    return `IPv6 fragment (off=${value & 0xfff8} more=${value & 1 ? 'y' : 'n'} ident=0x${ident} nxt=${p.data[at]!})`
  },
  examples: [
    {
      name: 'the last fragment',
      packet: {
        link: 229,
        hex: '60000000 000c 2c 40 20010db8000000000000000000000001 20010db8000000000000000000000002 11 00 0008 00000007 01020304',
      },
      expect: {
        stack: 'ipv6:ipv6.fraghdr:data',
        line: 'IPv6 fragment (off=8 more=n ident=0x00000007 nxt=17)',
        facts: { 'ipv6.fraghdr.offset': 1, 'ipv6.fraghdr.more': false, 'ipv6.fraghdr.ident': 7 },
      },
    },
  ],
})
