import { defineDecoder, type FieldValue } from '../define.ts'

export default defineDecoder({
  id: 'wpan',
  title: 'IEEE 802.15.4',
  spec: 'https://standards.ieee.org/ieee/802.15.4/7029/',
  doc: 'Low-power radio. The kind of frame is read; addresses and what is inside are not.',
  on: [{ table: 'link', keys: [195, 215, 230] }],
  fields: [
    {
      name: 'wpan.frame_type',
      type: 'uint',
      doc: 'Kind of frame',
      place: [0, 1],
      read: (p, at, end): FieldValue | undefined => (at < end ? p.data[at]! & 7 : undefined),
    },
    {
      name: 'wpan.seq_no',
      type: 'uint',
      doc: 'Number',
      place: [2, 1],
      read: (p, at, end): FieldValue | undefined => (at + 2 < end ? p.data[at + 2] : undefined),
    },
  ],
  header(p) {
    p.at = p.end
  },
  line: (p, at, end) => (at < end ? (['Beacon', 'Data', 'Ack', 'Command'][p.data[at]! & 7] ?? 'Reserved') : 'IEEE 802.15.4'),
  examples: [
    {
      name: 'an acknowledgment',
      packet: { link: 195, hex: '0200 07 0000' },
      expect: { stack: 'wpan', line: 'Ack', facts: { 'wpan.seq_no': 7 } },
    },
  ],
})
