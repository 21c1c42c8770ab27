/** A field's value as text. */
import type { FieldType, FieldValue } from '../decode/define.ts'
import { ether, hex, ipv4, ipv6Bytes } from '../decode/text.ts'

/** `192.0.2.1`, `02:00:00:00:00:01`, `0a0bff`, `443`, `true` */
export function valueText(type: FieldType, value: FieldValue): string {
  if (type === 'ipv4' && typeof value === 'number') return ipv4(value >>> 0)
  if (value instanceof Uint8Array) {
    if (type === 'ether' && value.length === 6) return ether(value, 0)
    if (type === 'ipv6' && value.length === 16) return ipv6Bytes(value, 0)
    return hex(value)
  }
  return String(value)
}
