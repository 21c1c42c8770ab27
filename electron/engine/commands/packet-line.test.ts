import { describe, expect, it } from 'vitest'
import type { PacketRow } from '../../../shared/model/capture.ts'
import { packetJson, packetLine } from './packet-line.ts'

const row = (of: Partial<PacketRow>): PacketRow => ({
  number: 7,
  seconds: 1000,
  nanos: 0,
  source: '192.0.2.1',
  destination: '198.51.100.1',
  sourcePort: 1,
  destinationPort: 2,
  protocol: 'TCP',
  captured: 60,
  wire: 64,
  info: 'info',
  flow: 0,
  direction: 0,
  signs: [],
  marked: false,
  comments: [],
  fields: {},
  ...of,
})
const first = { firstSeconds: 1000, firstNanos: 250_000_000, finest: 6 }

describe('a packet on the terminal', () => {
  it.each([
    [{ seconds: 1001, nanos: 0 }, '0.750000000', '1001.000000000'],
    [{ seconds: 1000, nanos: 0 }, '-0.250000000', '1000.000000000'],
    [{ seconds: 998, nanos: 500_000_000 }, '-1.750000000', '998.500000000'],
    [{ seconds: -1, nanos: 750_000_000 }, '-1000.500000000', '-0.250000000'],
    [{ seconds: 1000, nanos: 250_000_000 }, '0.000000000', '1000.250000000'],
    [{ seconds: null, nanos: 0 }, null, null],
  ])('states times to the nanosecond: %o', (at, relativeTime, time) => {
    expect(packetJson(row(at), first)).toMatchObject({ relativeTime, time, length: 64, captured: 60 })
  })
  it('has as many digits as the capture', () => {
    const at = row({ seconds: 1001, nanos: 1 })
    expect(packetLine(at, first, 3)).toBe('    7   0.750000 192.0.2.1 → 198.51.100.1 TCP 64 info')
    expect(packetLine(at, { ...first, finest: 9 }, 3)).toBe('    7   0.750000001 192.0.2.1 → 198.51.100.1 TCP 64 info')
    expect(packetLine(row({ seconds: null }), first, 3)).toBe('    7            192.0.2.1 → 198.51.100.1 TCP 64 info')
  })
  it('cannot command the terminal', () => {
    expect(packetLine(row({ info: 'GET /\u001b[2J\nHost' }), first, 3)).toMatch(/GET \/\\u001b\[2J\\u000aHost$/)
  })
})
