/** The detail tree by this program's own decoders: headers and their fields. Shown where the full dissection is not to be had. */
import type { PacketDetail, TreeNode } from '../../../../shared/model/capture.ts'
import { decodeHeaders } from '../decode/decode.ts'
import type { FieldValue } from '../decode/define.ts'
import { Packet } from '../decode/packet.ts'
import { decoders, dispatch } from '../decode/registry.ts'
import { valueText } from '../facts/value-text.ts'
import type { SlicePacket } from './slice.ts'

const MOST_VALUE = 200

export function ownTree(packet: SlicePacket, note: PacketDetail['note']): PacketDetail {
  const { bytes } = packet
  const p = new Packet(dispatch)
  p.begin(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, packet.wire, packet.linkType)
  decodeHeaders(p)
  const tree: TreeNode[] = [
    node(`Frame ${packet.number}: ${packet.wire} bytes on wire, ${bytes.length} bytes captured`, 'frame', 0, bytes.length, [
      node(`Frame length: ${packet.wire}`, 'frame.len', 0, 0, []),
      node(`Capture length: ${bytes.length}`, 'frame.cap_len', 0, 0, []),
    ]),
  ]
  for (let layer = 0; layer < p.layers; layer++) {
    const decoder = decoders[p.layerId[layer]!]
    if (decoder === undefined || decoder.id === 'ethertype') continue
    const at = p.layerAt[layer]!
    const end = Math.min(p.layerEnd[layer]!, bytes.length)
    const next = layer + 1 < p.layers ? p.layerAt[layer + 1]! : end
    const children: TreeNode[] = []
    for (const field of decoder.fields) {
      if (field.read === undefined) continue
      let value: FieldValue | readonly FieldValue[] | undefined
      try {
        value = field.read(p, at, end)
      } catch (error) {
        // Beyond what was captured: it is not there.
        if (!(error instanceof RangeError)) throw error
      }
      if (value === undefined || (Array.isArray(value) && field.place === undefined)) continue
      const values = Array.isArray(value) ? (value as readonly FieldValue[]) : [value as FieldValue]
      for (const one of values) {
        const text = valueText(field.type, one).slice(0, MOST_VALUE)
        const [offset, length] = field.place ?? [0, 0]
        children.push({
          ...node(`${field.doc}: ${text}`, field.name, length > 0 ? at + offset : 0, length, []),
          filter: field.type === 'bytes' ? '' : `${field.name} == ${field.type === 'text' ? JSON.stringify(text) : text}`,
        })
      }
    }
    tree.push(node(decoder.title, decoder.id, at, Math.max(0, next - at), children))
  }
  if (p.payloadAt >= 0 && p.payloadLength > 0 && p.payloadSource === 0)
    tree.push(node(`Payload (${p.payloadLength} bytes)`, '', p.payloadAt, p.payloadLength, []))
  return {
    number: packet.number,
    by: 'own',
    note,
    tree,
    sources: [{ name: `Frame (${bytes.length} bytes)`, bytes: Buffer.from(bytes).toString('base64') }],
  }
}

const node = (label: string, field: string, from: number, length: number, children: TreeNode[]): TreeNode => ({
  label,
  field,
  filter: field !== '' && children.length > 0 ? field : '',
  from,
  length,
  source: 0,
  packet: null,
  children,
})
