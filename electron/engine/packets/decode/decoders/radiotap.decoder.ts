import { defineDecoder, type FieldValue } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'
import { u8 } from '../fields.ts'

const FLAGS = 2
const MORE_PRESENT = 0x80000000
const MOST_PRESENT = 32

export default defineDecoder({
  id: 'radiotap',
  title: 'Radiotap',
  spec: 'https://www.radiotap.org/',
  doc: 'What the receiver says of a wireless frame. Its length, and whether the frame ends with a checksum; signal and rate are left to full dissection.',
  on: [{ table: 'link', keys: [127] }],
  fields: [
    u8('radiotap.version', 'Version', 0),
    {
      name: 'radiotap.length',
      type: 'uint',
      doc: 'Length of the header',
      place: [2, 2],
      read: (p, at, end): FieldValue | undefined => (at + 4 <= end ? p.view.getUint16(at + 2, true) : undefined),
    },
  ],
  header(p) {
    if (!p.has(8)) return
    const { view, at } = p
    const length = view.getUint16(at + 2, true)
    if (length < 8) {
      p.malformed = true
      return
    }
    if (!p.has(length)) return
    const present = view.getUint32(at + 4, true)
    let fields = at + 8
    for (let i = 0, word = present; word & MORE_PRESENT && i < MOST_PRESENT && fields + 4 <= at + length; i++) {
      word = view.getUint32(fields, true)
      fields += 4
    }
    // The time stamp, where it is there, stands at a multiple of 8.
    if (present & 1) fields = at + ((fields - at + 7) & ~7) + 8
    const flags = present & FLAGS && fields < at + length ? p.data[fields]! : 0
    p.at += length
    // The checksum is no part of what is inside.
    if (flags & 0x10 && p.stated - p.at >= 4) {
      p.stated -= 4
      p.end = Math.min(p.end, p.stated)
    }
    p.goTo(TABLE.other, OTHER.wlanRadio)
  },
  line: () => 'Radiotap',
  examples: [
    {
      name: 'a frame without checksum',
      packet: { link: 127, hex: '00 00 0800 00000000 d4000000 020000000001' },
      expect: { stack: 'radiotap:wlan_radio:wlan', facts: { 'radiotap.length': 8 } },
    },
  ],
})
