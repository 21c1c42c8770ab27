import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'wlan_radio',
  title: '802.11 radio',
  spec: 'https://www.wireshark.org/docs/dfref/w/wlan_radio.html',
  doc: 'No header of its own: what Wireshark works out of the receiver’s words. It is named here only.',
  on: [{ table: 'other', keys: [OTHER.wlanRadio] }],
  fields: [],
  header(p) {
    p.goTo(TABLE.other, OTHER.wlan)
  },
  examples: [
    {
      name: 'before a frame',
      packet: { link: 127, hex: '00 00 0800 00000000 d4000000 020000000001' },
      expect: { stack: 'radiotap:wlan_radio:wlan' },
    },
  ],
})
