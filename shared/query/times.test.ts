import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoFromMicros, microsFromIso } from '../model/time.ts'
import { isAddress, isCidr } from './addresses.ts'
import { timeSpan } from './times.ts'

const now = microsFromIso('2026-11-20T18:41:14.5Z') as number
const iso = (text: string): [string, string] | undefined => {
  const found = timeSpan(text, now)
  return found && [isoFromMicros(found.from), isoFromMicros(found.to)]
}

describe('timeSpan', () => {
  it.each([
    ['2026-11-20', '2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-11-20T18', '2026-11-20T18:00:00.000Z', '2026-11-20T19:00:00.000Z'],
    ['2026-11-20 18:41', '2026-11-20T18:41:00.000Z', '2026-11-20T18:42:00.000Z'],
    ['2026-11-20T18:41:14Z', '2026-11-20T18:41:14.000Z', '2026-11-20T18:41:15.000Z'],
    ['2026-11-20T18:41:14.25', '2026-11-20T18:41:14.250Z', '2026-11-20T18:41:14.260Z'],
    ['2026-11-20T18:41:14.123456789Z', '2026-11-20T18:41:14.123456Z', '2026-11-20T18:41:14.123457Z'],
    ['2026-11-20T18:41+09:00', '2026-11-20T09:41:00.000Z', '2026-11-20T09:42:00.000Z'],
    ['2026-11-20T18:41:14-0330', '2026-11-20T22:11:14.000Z', '2026-11-20T22:11:15.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['now', '2026-11-20T18:41:14.500Z', '2026-11-20T18:41:14.500001Z'],
    ['now-4h', '2026-11-20T14:41:14.500Z', '2026-11-20T14:41:14.500001Z'],
    ['NOW - 90s', '2026-11-20T18:39:44.500Z', '2026-11-20T18:39:44.500001Z'],
    ['now+1w', '2026-11-27T18:41:14.500Z', '2026-11-27T18:41:14.500001Z'],
  ])('%s', (text, from, to) => {
    expect(iso(text)).toEqual([from, to])
  })

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-13',
    '2026-02-29',
    '2026-11-31',
    '2026-11-20T24',
    '2026-11-20T18:60',
    '2026-11-20T18:41:60',
    'now-4',
    'now-4y',
    'now4h',
    '12:30',
    '2026-11-20T1:2',
    '2026-11-20T18:41+15:00',
  ])('%j is none', (text) => {
    expect(timeSpan(text, now)).toBeUndefined()
  })

  it('holds every instant it was written from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (micros) => {
        expect(timeSpan(isoFromMicros(micros), 0)?.from).toBe(micros)
      }),
    )
  })
})

describe('addresses', () => {
  it.each(['0.0.0.0', '255.255.255.255', '::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '1::'])(
    '%s is one',
    (text) => expect(isAddress(text)).toBe(true),
  )
  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '::1.2.3',
    'fe80',
    '1:2:3:4:5:6:7:8::',
  ])('%j is none', (text) => expect(isAddress(text)).toBe(false))
  it.each(['10.0.0.0/8', '10.1.2.3/32', '0.0.0.0/0', '::/0', 'fe80::/128'])('%s is a network', (text) =>
    expect(isCidr(text)).toBe(true),
  )
  it.each(['10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '10.0.0.0', '::/129', 'x/8', '10.0.0.0/-1'])('%j is none', (text) =>
    expect(isCidr(text)).toBe(false),
  )
})
