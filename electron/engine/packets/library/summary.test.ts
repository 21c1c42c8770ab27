import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { BLOCK, blockOf, blocksFor, DistinctKeys, inBlock, KeyFilter } from './key-filter.ts'
import { hostOf, KeyHash } from './keys.ts'
import { madePcap, type MadePacket } from './made-pcap.ts'
import { SummaryReader, type FlowsAsked } from './read-summary.ts'
import { summarise } from './summarise.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-summary-'))
afterAll(() => rmSync(folder, { recursive: true }))

const goOn = (): Promise<boolean> => Promise.resolve(true)
const hosts = ['192.0.2.1', '192.0.2.2', '198.51.100.1', '198.51.100.2']
const packet: fc.Arbitrary<MadePacket> = fc.record({
  seconds: fc.integer({ min: 1000, max: 1100 }),
  from: fc.constantFrom(...hosts),
  to: fc.constantFrom(...hosts),
  transport: fc.constantFrom('tcp' as const, 'udp' as const),
  ports: fc.tuple(fc.constantFrom(1024, 2048, 4096), fc.constantFrom(80, 53)),
})
const question = fc.record({
  hosts: fc.subarray(hosts, { maxLength: 2 }),
  port: fc.option(fc.constantFrom(1024, 80, 53, 9)),
  from: fc.option(fc.integer({ min: 990, max: 1110 })),
  to: fc.option(fc.integer({ min: 990, max: 1110 })),
})

describe('a flow summary', () => {
  it('answers as the packets would', async () => {
    let n = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(packet, { maxLength: 40 }),
        fc.array(question, { minLength: 1, maxLength: 5 }),
        async (packets, questions) => {
          const path = join(folder, `${n++}`)
          writeFileSync(`${path}.pcap`, madePcap(packets))
          const made = await summarise(`${path}.pcap`, `${path}.flows`, `${path}.work`, goOn)
          const flows = flowsOf(packets)
          expect(made).toMatchObject({
            packets: packets.length,
            flows: flows.length,
            bytes: readFileSync(`${path}.flows`).length,
          })
          const count = { bytes: 0 }
          const reader = SummaryReader.open(`${path}.flows`, count)!
          for (const one of questions) {
            const asked: FlowsAsked = { ...one, hosts: one.hosts.map((text) => hostOf(text)!), community: null }
            const expected = flows.filter((flow) => fits(flow, one)).length
            expect(reader.count(asked)).toBe(expected)
            // The filter may say yes for nothing, never no for something.
            if (expected > 0) expect(reader.may(asked)).toBe(true)
          }
          reader.close()
        },
      ),
      { numRuns: 50 },
    )
  })

  it('never takes a damaged one for another', async () => {
    const path = join(folder, 'damaged')
    const packets: MadePacket[] = Array.from({ length: 600 }, (_, i) => ({
      seconds: 1000 + i,
      from: '192.0.2.1',
      to: '198.51.100.1',
      ports: [2000 + i, 443] as const,
    }))
    writeFileSync(`${path}.pcap`, madePcap(packets))
    await summarise(`${path}.pcap`, `${path}.flows`, `${path}.work`, goOn)
    const whole = readFileSync(`${path}.flows`)
    const asked: FlowsAsked = { hosts: [hostOf('192.0.2.1')!], port: 443, community: null, from: null, to: null }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, bits, cut) => {
        const bytes = cut ? whole.subarray(0, at) : Buffer.from(whole)
        if (!cut) bytes[at]! ^= bits
        writeFileSync(`${path}.flows`, bytes)
        const reader = SummaryReader.open(`${path}.flows`, { bytes: 0 })
        if (reader === null) return
        const may = reader.may(asked)
        const count = reader.count(asked)
        reader.close()
        expect([true, null]).toContain(may)
        expect([600, null]).toContain(count)
      }),
      { numRuns: 300 },
    )
  })

  it('stops where it is told to, and leaves nothing', async () => {
    const path = join(folder, 'stopped')
    writeFileSync(`${path}.pcap`, madePcap([{ seconds: 1, from: '192.0.2.1', to: '192.0.2.2', ports: [1, 2] }]))
    const stop = (): Promise<boolean> => Promise.resolve(false)
    expect(await summarise(`${path}.pcap`, `${path}.flows`, `${path}.work`, stop)).toBe('stopped')
    writeFileSync(`${path}.txt`, 'This is text and no capture at all.')
    expect(await summarise(`${path}.txt`, `${path}.flows`, `${path}.work`, goOn)).toBe('other')
    expect(SummaryReader.open(`${path}.flows`, { bytes: 0 })).toBeNull()
  })
})

describe('the filter of keys', () => {
  it('has all that was added, and little else', () => {
    const key = new KeyHash()
    const distinct = new DistinctKeys(20_000)
    for (let i = 0; i < 20_000; i++) distinct.add(key.port(i % 10_000))
    expect(Math.abs(distinct.count - 10_000)).toBeLessThan(500)
    const blocks = blocksFor(10_000)
    const filter = new KeyFilter(blocks)
    for (let i = 0; i < 10_000; i++) filter.add(key.community(i, 7))
    filter.seal()
    const has = (one: KeyHash): boolean | null => {
      const at = blockOf(one, blocks) * BLOCK
      return inBlock(filter.bytes.subarray(at, at + BLOCK), one)
    }
    for (let i = 0; i < 10_000; i++) expect(has(key.community(i, 7))).toBe(true)
    let wrong = 0
    for (let i = 0; i < 10_000; i++) if (has(key.community(i, 8)) === true) wrong++
    expect(wrong).toBeLessThan(300)
  })
  it('knows a pair in either order, and no address of the other kind', () => {
    const [one, other] = [hostOf('2001:db8::1')!, hostOf('2001:db8::2')!]
    const hash = (a: typeof one, b: typeof one): number[] => {
      const key = new KeyHash().pair(6, a.words, 0, b.words, 0)
      return [key.a, key.b]
    }
    expect(hash(one, other)).toEqual(hash(other, one))
    expect(hash(one, one)).not.toEqual(hash(one, other))
    expect(hostOf('2001:db8::1')!.words).toEqual(Uint32Array.of(0x2001_0db8, 0, 0, 1))
    for (const text of ['', '1.2.3', '1.2.3.256', 'example.com', '2001:db8::1%eth0', '::1::']) expect(hostOf(text)).toBeNull()
  })
})

interface MadeFlow {
  readonly ends: readonly [string, string]
  readonly ports: readonly number[]
  first: number
  last: number
}
function flowsOf(packets: readonly MadePacket[]): MadeFlow[] {
  const flows = new Map<string, MadeFlow>()
  for (const { seconds, from, to, ports, transport } of packets) {
    const key = [[from, ports[0]].join(), [to, ports[1]].join()].sort().join() + transport
    const flow = flows.get(key)
    if (flow === undefined) flows.set(key, { ends: [from, to], ports, first: seconds, last: seconds })
    else {
      flow.first = Math.min(flow.first, seconds)
      flow.last = Math.max(flow.last, seconds)
    }
  }
  return [...flows.values()]
}
function fits(flow: MadeFlow, asked: { hosts: string[]; port: number | null; from: number | null; to: number | null }): boolean {
  const [a, b] = asked.hosts
  if (a !== undefined && !flow.ends.includes(a)) return false
  if (b !== undefined && (!flow.ends.includes(b) || flow.ends[0] === flow.ends[1])) return false
  if (asked.port !== null && !flow.ports.includes(asked.port)) return false
  return (asked.to === null || flow.first < asked.to) && (asked.from === null || flow.last >= asked.from)
}
