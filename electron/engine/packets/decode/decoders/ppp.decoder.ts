import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import type { Packet } from '../packet.ts'

/** Bytes of address and control, which may be left out. */
const prefix = (p: Packet, at: number, end: number): number => (at + 2 <= end && p.data[at] === 0xff ? 2 : 0)

function protocol(p: Packet, at: number, end: number): number | undefined {
  const i = at + prefix(p, at, end)
  if (i >= end) return undefined
  if (p.data[i]! & 1) return p.data[i]!
  return i + 1 < end ? p.view.getUint16(i) : undefined
}
const shown = (p: Packet, at: number, end: number): string => `0x${(protocol(p, at, end) ?? 0).toString(16).padStart(4, '0')}`

export default defineDecoder({
  id: 'ppp',
  title: 'PPP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1661',
  doc: 'The protocol number, of one byte or two, with or without HDLC’s address and control. Frames are whole: no byte stuffing.',
  on: [{ table: 'link', keys: [9, 50, 166] }],
  fields: [
    {
      name: 'ppp.protocol',
      type: 'uint',
      doc: 'Protocol',
      read: protocol,
    },
  ],
  header(p) {
    // With direction in front: 0 received, 1 sent.
    if (p.linkType === 166 && p.layers === 1 && p.at < p.end && p.data[p.at]! < 2) p.at++
    p.at += prefix(p, p.at, p.end)
    if (!p.has(1)) return
    let number = p.data[p.at]!
    if ((number & 1) === 0) {
      if (!p.has(2)) return
      number = p.view.getUint16(p.at)
      p.at += 2
    } else p.at++
    p.goTo(TABLE.ppp, number)
  },
  line: (p, at, end) => `PPP Unknown (${shown(p, at, end)})`,
  column: (p, at) => shown(p, at, p.data.length),
  examples: [
    {
      name: 'a compressed protocol number behind address and control',
      packet: { link: 9, hex: 'ff03 21 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'ppp:ip:data', facts: { 'ppp.protocol': 0x21 } },
    },
  ],
})
