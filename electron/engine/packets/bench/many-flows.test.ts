/** A flood from made-up senders: every packet is a flow of its own. What is asked of it must not grow with them in the heap. */
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineFile } from '../../paths.ts'
import type { CallName, CaptureCalls } from './capture-calls.ts'
import { CaptureThread } from './capture-thread.ts'
import { endpoints } from './endpoints.ts'
import { FlowSums } from './flow-sums.ts'
import { MadeFolder } from './made-capture.ts'
import { OpenCapture } from './open-capture.ts'

const FLOWS = 150_000
/** Megabytes for a thread's heap. Objects of so many flows and senders would need twice as much. */
const HEAP_MB = 40
const RECORD = 16 + 60

const folder = new MadeFolder()
let path: string
beforeAll(() => void (path = folder.write(flood(FLOWS), 'flood.pcap')))
afterAll(() => folder.remove())

/** Ethernet, IPv4, SYN: from as many senders as there are packets, in no order, to port 443 of 198.51.100.1. */
function flood(packets: number): Uint8Array {
  const bytes = Buffer.alloc(24 + packets * RECORD)
  bytes.writeUInt32LE(0xa1b2c3d4, 0)
  bytes.writeUInt16LE(2, 4)
  bytes.writeUInt16LE(4, 6)
  bytes.writeUInt32LE(262_144, 16)
  bytes.writeUInt32LE(1, 20)
  for (let n = 0; n < packets; n++) {
    const record = bytes.subarray(24 + n * RECORD, 24 + (n + 1) * RECORD)
    record.writeUInt32LE(1_767_225_600 + Math.floor(n / 1000), 0)
    record.writeUInt32LE((n % 1000) * 1000, 4)
    record.writeUInt32LE(60, 8)
    record.writeUInt32LE(60, 12)
    const frame = record.subarray(16)
    frame.writeUInt16BE(0x0800, 12)
    frame[14] = 0x45
    frame.writeUInt16BE(40, 16)
    frame[22] = 64
    frame[23] = 6
    frame.writeUInt32BE(senderOf(n), 26)
    frame.writeUInt32BE(0xc633_6401, 30)
    frame.writeUInt16BE(1024 + (n % 50_000), 34)
    frame.writeUInt16BE(443, 36)
    frame.writeUInt32BE(n, 38)
    frame[46] = 0x50
    frame[47] = 2
  }
  return bytes
}
/** Another one for each n: the factor is odd. */
const senderOf = (n: number): number => Math.imul(n + 1, 0x9e3779b1) >>> 0
const text = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')

describe('a capture of as many flows as packets', () => {
  it('is listed in every order, and its senders are counted, in a small heap', async () => {
    const small = new Worker(engineFile('capture.worker'), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } })
    const thread = new CaptureThread({ id: '0'.repeat(32), folder: folder.folder('flood-index'), paths: [path] }, small)
    try {
      expect(await thread.opened).toMatchObject({ ok: true })
      await expect.poll(() => thread.capture?.state, { timeout: 60_000, interval: 50 }).toBe('ready')
      const ask = async <N extends CallName>(name: N, input: CaptureCalls[N][0]): Promise<CaptureCalls[N][1]> => {
        const result = await thread.call(name, input)
        if (!result.ok) throw new Error(`${name}: ${result.error.message}`)
        return result.value
      }
      const { view } = await ask('filter', { filter: 'tcp', span: { from: null, to: null }, dissected: [] })
      const list = { transport: 'all', descending: false, pair: null, from: 0, count: 3 } as const
      const sorted = Uint32Array.from({ length: FLOWS }, (_, n) => senderOf(n)).sort()
      const smallest = Array.from(sorted.subarray(0, 3), text)
      for (const of of [null, view]) {
        for (const order of ['first', 'packets', 'bytes', 'duration', 'server', 'app'] as const) {
          const { flows, total } = await ask('conversations', { ...list, view: of, order })
          expect([total, flows.map(({ flow }) => flow)], order).toEqual([FLOWS, [0, 1, 2]])
        }
        const { flows } = await ask('conversations', { ...list, view: of, order: 'client' })
        expect(flows.map(({ client }) => client.ip)).toEqual(smallest)
        for (const ports of [false, true]) {
          const found = await ask('endpoints', { view: of, ports, limit: 2 })
          expect([found.total, found.complete]).toEqual([FLOWS + 1, true])
          expect(found.endpoints[0]).toMatchObject({ address: '198.51.100.1', receivedPackets: FLOWS, sentPackets: 0 })
        }
      }
      const pair = [text(senderOf(777)), '198.51.100.1'] as const
      const { flows } = await ask('conversations', { ...list, view, order: 'first', pair })
      expect(flows.map(({ flow }) => flow)).toEqual([777])
    } finally {
      await thread.close()
    }
  }, 120_000)

  it('has a bound for those that are told apart, and says so', async () => {
    const capture = await OpenCapture.open('1'.repeat(32), folder.folder('bound-index'), [path], () => undefined)
    if (!capture.ok) throw new Error(capture.error.message)
    await capture.value.read()
    const found = await endpoints(capture.value.index, null, false, 10, 5000)
    expect([found.total, found.complete, found.endpoints.length]).toEqual([5000, false, 10])
    expect(found.endpoints[0]).toMatchObject({ address: '198.51.100.1', receivedPackets: FLOWS })
    await capture.value.close()
  }, 60_000)
})

it('sums of flows are kept apart over their pieces', () => {
  const sums = new FlowSums(200_000)
  for (let flow = 199_999; flow >= 0; flow -= 2) {
    sums.add(flow, 0, flow)
    sums.add(flow, 1, 5)
    sums.add(flow, 1, 2 ** 40)
  }
  for (let flow = 0; flow < 200_000; flow += 1) {
    if (flow % 997 > 2) continue
    const there = flow % 2 === 1
    expect([sums.has(flow), sums.packets(flow, 0), sums.bytes(flow, 0), sums.packets(flow, 1), sums.bytes(flow, 1)]).toEqual(
      there ? [true, 1, flow, 2, 5 + 2 ** 40] : [false, 0, 0, 0, 0],
    )
  }
  expect(sums.has(200_000)).toBe(false)
})
