import type { PacketRow } from '../../../../shared/model/capture.ts'
import { FIELD_PREFIX } from './columns.ts'

const address = (way: 'src' | 'dst', value: string): string =>
  /^\d+\.\d+\.\d+\.\d+$/.test(value) ? `ip.${way} == ${value}` : /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value) ? `eth.${way} == ${value}` : /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value) ? `ipv6.${way} == ${value}` : '' // prettier-ignore

/** The display filter for what stands in a cell; '' where there is none. Text of a packet is only ever put in quotation marks. */
export function cellFilter(row: PacketRow, column: string): string {
  const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, (mark) => `\\${mark}`)}"`
  if (column.startsWith(FIELD_PREFIX)) {
    const name = column.slice(FIELD_PREFIX.length)
    const value = row.fields[name] ?? ''
    if (value === '') return ''
    return /^(?:\d+|0x[0-9a-f]+|\d+\.\d+\.\d+\.\d+)$/i.test(value) ? `${name} == ${value}` : `${name} == ${quoted(value)}`
  }
  switch (column) {
    case 'number':
      return `frame.number == ${row.number}`
    case 'source':
      return address('src', row.source)
    case 'destination':
      return address('dst', row.destination)
    case 'length':
      return `frame.len == ${row.wire}`
    case 'protocol': {
      const name = row.protocol.toLowerCase().replace(/v[\d.]+$/, '')
      return /^[a-z][a-z0-9_]*$/.test(name) ? name : ''
    }
    default:
      return ''
  }
}
