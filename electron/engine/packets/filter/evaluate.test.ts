import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../decode/define.ts'
import { checkOwnFilter } from './check-filter.ts'
import { compileFilter, MAYBE, NO, YES, type PacketValues, type Verdict } from './evaluate.ts'

/** A packet of made-up values; a name that is listed with undefined cannot be known. */
function packet(values: Readonly<Record<string, readonly FieldValue[] | undefined>>): PacketValues {
  return {
    values: ({ field }) => (Object.hasOwn(values, field.name) ? values[field.name] : null),
    has: ({ field }) => (Object.hasOwn(values, field.name) ? values[field.name] !== undefined || undefined : false),
  }
}
function run(filter: string, values: Readonly<Record<string, readonly FieldValue[] | undefined>>): Verdict {
  const checked = checkOwnFilter(filter)
  if (!checked.ok) throw new Error(checked.error.message)
  return compileFilter(checked.value.test)(packet(values))
}
const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list)
const address = (a: number, b: number, c: number, d: number): number => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0

describe('what a filter lets through', () => {
  const web = {
    tcp: [bytes(0xc3, 0x50, 0, 80)],
    'tcp.port': [50_000, 80],
    'tcp.srcport': [50_000],
    'tcp.dstport': [80],
    'tcp.flags': [0x12],
    'tcp.flags.syn': [true],
    'tcp.seq': [4_294_967_295],
    'ip.addr': [address(192, 0, 2, 1), address(198, 51, 100, 7)],
    'ip.src': [address(192, 0, 2, 1)],
    'ipv6.src': [bytes(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
    'eth.src': [bytes(2, 0, 0, 0, 0, 1)],
    'frame.time': [1_763_664_060_500_000_000n],
    'frame.time_relative': [1_500_000_000n],
    'frame.protocols': ['eth:ethertype:ip:tcp'],
  }
  it.each<[string, Verdict]>([
    ['tcp', YES],
    ['udp', NO],
    ['tcp.port == 80', YES],
    ['tcp.port != 80', NO],
    ['tcp.port !== 80', YES],
    ['tcp.port === 80', NO],
    ['all tcp.port > 79', YES],
    ['udp.port != 80', NO],
    ['!(udp.port == 80)', YES],
    ['tcp.port in {1..79, 443}', NO],
    ['tcp.port in {79..81}', YES],
    ['all tcp.port in {80..50000}', YES],
    ['tcp.flags & 2', YES],
    ['tcp.flags & 1', NO],
    ['tcp.flags & 0x12 == 0x12', YES],
    ['tcp.flags.syn == 1', YES],
    ['tcp.flags.syn == 7', YES],
    ['tcp.flags.syn == False', NO],
    ['tcp.srcport - tcp.dstport == 49920', YES],
    ['tcp.srcport / 0 == 1', NO],
    ['tcp.seq + 1 == 4294967296', YES],
    ['tcp.seq * 4294967296 == 18446744069414584320', YES],
    ['tcp.srcport > -1', NO],
    ['-tcp.dstport == -80', YES],
    ['ip.addr == 192.0.2.0/24', YES],
    ['ip.addr != 192.0.2.0/24', NO],
    ['ip.src == 192.0.2.0/31', YES],
    ['ip.src == 192.0.3.0/23', YES],
    ['ip.src > 192.0.2.0/24', NO],
    ['ip.src & 0.0.0.255 == 0.0.0.1', YES],
    ['ip.src[0:2] == c0:00', YES],
    ['ipv6.src == 2001:db8::/32', YES],
    ['ipv6.src == 2001:dba::/31', NO],
    ['ipv6.src[15] == 1', YES],
    ['eth.src[0] & 2', YES],
    ['eth.src contains 00:01', YES],
    ['tcp[2:2] == 00:50', YES],
    ['tcp[-1] == 50', YES],
    ['tcp[3] == 80', NO],
    ['tcp[4]', NO],
    ['tcp contains "P"', YES],
    ['frame.time > "2025-11-20 18:41:00 UTC"', YES],
    ['frame.time > "2025-11-20 18:41:00.6 UTC"', NO],
    ['frame.time == "2025-11-20T20:41:00.5+02:00"', YES],
    ['frame.time_relative == 1.5', YES],
    ['frame.time_relative * 2 > 2.9', YES],
    ['frame.protocols contains "IP"', NO],
    ['frame.protocols matches "^ETH:.*TCP$"', YES],
    ['upper(frame.protocols)[0:3] == "ETH"', YES],
    ['string(ip.src) == "192.0.2.1"', YES],
    ['string(eth.src) matches ":01$"', YES],
    ['count(tcp.port) == 2', YES],
    ['count(udp.port) == 0', NO],
    ['max(tcp.port, 60000) == 60000', YES],
    ['min(tcp.port) == 80', YES],
    ['len(frame.protocols) == 20', YES],
    ['80 < tcp.srcport < 60000', YES],
    ['tcp xor udp', YES],
    ['tcp xor ip.addr', NO],
  ])('%s', (filter, wanted) => {
    expect(run(filter, web)).toBe(wanted)
  })

  it('says so where a value cannot be known, unless the rest decides', () => {
    const values = { tcp: undefined, 'tcp.port': undefined, 'udp.port': [53] }
    expect(run('tcp', values)).toBe(MAYBE)
    expect(run('tcp.port == 80', values)).toBe(MAYBE)
    expect(run('not tcp.port == 80', values)).toBe(MAYBE)
    expect(run('tcp.port == 80 or udp.port == 53', values)).toBe(YES)
    expect(run('tcp.port == 80 and udp.port == 54', values)).toBe(NO)
    expect(run('tcp.port xor udp.port == 53', values)).toBe(MAYBE)
    expect(run('tcp.port == ip.len', values)).toBe(NO)
  })

  it('bytes that are not ASCII are matched one by one', () => {
    const name = { 'dns.qry.name': ['b\u00fccher.example'], tcp: [bytes(0xff, 0x00, 0xfe)] }
    expect(run('tcp contains "\\xff\\x00"', name)).toBe(YES)
    expect(run('tcp matches "\\xff.\\xfe"', name)).toBe(YES)
    expect(run('tcp contains "\\u00ff"', name)).toBe(NO)
  })
})

describe('laws of verdicts', () => {
  const leaf = fc.constantFrom(
    'tcp.port == 80',
    'tcp.port != 80',
    'udp',
    'ip.addr == 192.0.2.0/24',
    'tcp.flags & 2',
    'frame.len in {60, 100..200}',
    'tcp.srcport == udp.dstport',
    'count(tcp.port) > 1', // prettier-ignore
  )
  const { term } = fc.letrec<{ term: string }>((tie) => ({
    term: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.tuple(tie('term'), fc.constantFrom('and', 'or', 'xor'), tie('term')).map(([a, by, b]) => `(${a} ${by} ${b})`),
      tie('term').map((a) => `not (${a})`),
    ),
  }))
  const NAMES = ['tcp.port', 'udp', 'ip.addr', 'tcp.flags', 'frame.len', 'tcp.srcport', 'udp.dstport'] as const
  const values = fc.record(
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        fc.array(fc.constantFrom<FieldValue>(80, 60, 2, 53, address(192, 0, 2, 9)), { minLength: 1, maxLength: 3 }),
      ]),
    ),
    { requiredKeys: [] },
  )

  it('what is said without knowing everything is never taken back', () => {
    fc.assert(
      fc.property(term, values, fc.subarray([...NAMES]), (filter, known, hidden) => {
        const without = { ...known, ...Object.fromEntries(hidden.map((name) => [name, undefined])) }
        const verdict = run(filter, without)
        const whole = run(filter, known)
        expect(whole).not.toBe(MAYBE)
        if (verdict !== MAYBE) expect(verdict).toBe(whole)
      }),
      { numRuns: 1000 },
    )
  })
  it('not is the opposite, and De Morgan holds', () => {
    fc.assert(
      fc.property(term, term, values, fc.subarray([...NAMES]), (a, b, known, hidden) => {
        const partly = { ...known, ...Object.fromEntries(hidden.map((name) => [name, undefined])) }
        expect(run(`not (${a} and ${b})`, partly)).toBe(run(`not ${a.startsWith('(') ? a : `(${a})`} or not (${b})`, partly))
        expect(run(`not not (${a})`, partly)).toBe(run(a, partly))
      }),
    )
  })
  it('any and all agree where there is one value, and are duals', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }), fc.nat({ max: 5 }), (ports, port) => {
        const known = { 'tcp.port': ports }
        expect(run(`any tcp.port == ${port}`, known)).toBe(ports.includes(port) ? YES : NO)
        expect(run(`all tcp.port == ${port}`, known)).toBe(ports.every((one) => one === port) ? YES : NO)
        expect(run(`tcp.port != ${port}`, known)).toBe(run(`not tcp.port == ${port}`, known))
        expect(run(`tcp.port !== ${port}`, known)).toBe(run(`not tcp.port === ${port}`, known))
      }),
    )
  })
})
