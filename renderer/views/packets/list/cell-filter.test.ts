import { describe, expect, it } from 'vitest'
import type { PacketRow } from '../../../../shared/model/capture.ts'
import { cellFilter } from './cell-filter.ts'

const row: PacketRow = {
  number: 7,
  seconds: 1,
  nanos: 0,
  source: '192.0.2.1',
  destination: '2001:db8::7',
  sourcePort: 1,
  destinationPort: 2,
  protocol: 'TLSv1.3',
  captured: 60,
  wire: 61,
  info: 'x',
  flow: 1,
  direction: 0,
  signs: [],
  marked: false,
  comments: [],
  fields: { 'tcp.seq': '12', 'http.host': 'a" or frame "\\' },
}

describe('the filter of a cell', () => {
  it.each([
    ['number', 'frame.number == 7'],
    ['source', 'ip.src == 192.0.2.1'],
    ['destination', 'ipv6.dst == 2001:db8::7'],
    ['protocol', 'tls'],
    ['length', 'frame.len == 61'],
    ['field:tcp.seq', 'tcp.seq == 12'],
    ['field:http.host', 'http.host == "a\\" or frame \\"\\\\"'],
    ['field:none', ''],
    ['info', ''],
  ])('%s', (column, filter) => expect(cellFilter(row, column)).toBe(filter))
  it('of a link-layer address is that of the link layer, of a name none', () => {
    expect(cellFilter({ ...row, source: '02:00:00:0a:14:0a' }, 'source')).toBe('eth.src == 02:00:00:0a:14:0a')
    expect(cellFilter({ ...row, source: 'Broadcast || frame' }, 'source')).toBe('')
  })
})
