import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PACKET_SIGNS, type PacketSign } from '../../../../shared/model/capture.ts'
import { asker, MadeFolder, opened, type Asker } from '../bench/made-capture.ts'
import { MADE_TIME, madePcapng, madeSegment, windowScale, type MadePacket, type MadeSegment } from '../capture/made-packets.ts'

/** A segment so many milliseconds behind the one before, and its signs. */
type Step = readonly [ms: number, segment: MadeSegment, ...signs: PacketSign[]]

const C = (seq: number, ack: number, more: Partial<MadeSegment> = {}): MadeSegment => ({ by: 0, seq, ack, ...more })
const S = (seq: number, ack: number, more: Partial<MadeSegment> = {}): MadeSegment => ({ by: 1, seq, ack, ...more })
const ten = '0123456789'
/** SYN to ACK takes 20 ms. Sequence numbers go on at 1001 and 5001. */
const shake = (options: readonly number[] = []): Step[] => [
  [10, C(1000, 0, { flags: 'S', options })],
  [10, S(5000, 1001, { flags: 'SA', options })],
  [10, C(1001, 5001)],
]

const CASES: Readonly<Record<string, readonly Step[]>> = {
  'nothing in particular': [
    ...shake(),
    [10, C(1001, 5001, { payload: ten })],
    [10, S(5001, 1011)],
    [10, S(5001, 1011, { payload: ten })],
    [10, C(1011, 5011)],
    [10, C(1011, 5011, { flags: 'FA' })],
    [10, S(5011, 1012, { flags: 'FA' })],
    [10, C(1012, 5012)],
  ],
  'a segment sent again': [
    ...shake(),
    [10, C(1001, 5001, { payload: ten })],
    [500, C(1001, 5001, { payload: ten }), 'retransmission'],
  ],
  'a SYN sent again': [
    [10, C(1000, 0, { flags: 'S' })],
    [1000, C(1000, 0, { flags: 'S' }), 'retransmission'],
  ],
  'a segment sent again that was acknowledged': [
    ...shake(),
    [10, C(1001, 5001, { payload: ten })],
    [10, S(5001, 1011)],
    [500, C(1001, 5001, { payload: ten }), 'spurious_retransmission'],
  ],
  'acknowledgments that repeat, and a fast answer': [
    ...shake(),
    [10, S(5001, 1001, { payload: ten })],
    [10, S(5021, 1001, { payload: ten }), 'lost_segment'],
    [1, C(1001, 5011)],
    [1, C(1001, 5011), 'duplicate_ack'],
    [1, C(1001, 5011), 'duplicate_ack'],
    [5, S(5011, 1001, { payload: ten }), 'fast_retransmission'],
  ],
  'a segment that comes late, but soon': [
    ...shake(),
    [10, S(5001, 1001, { payload: ten })],
    [10, S(5021, 1001, { payload: ten }), 'lost_segment'],
    [15, S(5011, 1001, { payload: ten }), 'out_of_order'],
  ],
  'a segment that comes later than the handshake took': [
    ...shake(),
    [10, S(5001, 1001, { payload: ten })],
    [10, S(5021, 1001, { payload: ten }), 'lost_segment'],
    [25, S(5011, 1001, { payload: ten }), 'retransmission'],
  ],
  'a segment from before': [
    ...shake(),
    [50, S(5011, 1001, { payload: ten }), 'lost_segment'],
    [-10, S(5001, 1001, { payload: ten }), 'retransmission'],
  ],
  'acknowledgments of what was not captured, said once': [
    ...shake(),
    [10, C(1001, 5011), 'acked_unseen'],
    [10, C(1001, 5021)],
    [10, S(5021, 1011, { payload: ten }), 'lost_segment', 'acked_unseen'],
    [10, C(1011, 5031), 'lost_segment', 'acked_unseen'],
    [10, C(1011, 5031), 'duplicate_ack'],
  ],
  'acknowledgments behind a hole': [
    ...shake(),
    [10, S(5001, 1001, { payload: ten })],
    [10, S(5021, 1001, { payload: ten }), 'lost_segment'],
    [10, C(1001, 5011)],
    [10, C(1001, 5031), 'acked_unseen'],
    [10, S(5031, 1001, { flags: 'FA' })],
    [10, C(1001, 5032)],
  ],
  'being kept alive': [
    ...shake(),
    [10, C(1001, 5001, { payload: ten })],
    [10, S(5001, 1011)],
    [9000, C(1010, 5001), 'keep_alive'],
    [10, S(5001, 1011), 'keep_alive_ack'],
    [9000, C(1010, 5001, { payload: '9' }), 'keep_alive'],
    [10, S(5001, 1011), 'keep_alive_ack'],
  ],
  'a window that closes and opens': [
    ...shake(windowScale(2)),
    [10, S(5001, 1001, { window: 5 }), 'window_update'],
    [10, C(1001, 5001, { payload: `${ten}${ten}` }), 'window_full'],
    [10, S(5001, 1021, { window: 0 }), 'zero_window'],
    [900, C(1021, 5001, { payload: 'x' })],
    [10, S(5001, 1021, { window: 0 }), 'zero_window'],
    [900, S(5001, 1021, { window: 100 }), 'window_update'],
    [10, C(1021, 5001, { payload: 'x' })],
  ],
  'ports that are used again': [
    ...shake(),
    [10, C(1001, 5001, { flags: 'R' }), 'reset'],
    [5000, C(77_000, 0, { flags: 'S' }), 'port_reused'],
    [10, S(88_000, 77_001, { flags: 'SA' })],
  ],
  'sequence numbers that wrap': [
    [10, C(0xffff_fff0, 0, { flags: 'S' })],
    [10, S(0xffff_fffa, 0xffff_fff1, { flags: 'SA' })],
    [10, C(0xffff_fff1, 0xffff_fffb)],
    [10, C(0xffff_fff1, 0xffff_fffb, { payload: `${ten}${ten}` })],
    [10, S(0xffff_fffb, 5, { payload: ten })],
    [10, C(5, 5)],
    [10, C(15, 5, { payload: ten }), 'lost_segment'],
    [1, C(5, 5, { payload: ten }), 'out_of_order'],
    [10, S(5, 25)],
    [500, C(0xffff_fff1, 5, { payload: ten }), 'spurious_retransmission'],
  ],
}

const TCP: readonly PacketSign[] = PACKET_SIGNS.slice(0, PACKET_SIGNS.indexOf('reset') + 1)
const packets: MadePacket[] = []
const wanted: { readonly name: string; readonly signs: readonly PacketSign[] }[] = []
for (const [n, [name, steps]] of Object.entries(CASES).entries()) {
  let ms = n * 100_000
  for (const [later, segment, ...signs] of steps) {
    ms += later
    const bytes = madeSegment(segment, { client: n + 1, clientPort: 50_000 + n, serverPort: 9999 })
    packets.push({ seconds: MADE_TIME + Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6, bytes })
    wanted.push({ name, signs })
  }
}
const texts = (signs: (packet: number) => readonly string[]): string[] =>
  wanted.map(({ name }, i) => `${name}, packet ${i + 1}: ${[...signs(i)].sort().join(' ')}`)
const expected = texts((i) => wanted[i]!.signs)

const folder = new MadeFolder()
const path = folder.write(madePcapng(packets))
let desk: Asker
beforeAll(async () => {
  desk = await opened(folder.folder('index'), [path])
})
afterAll(async () => {
  await desk.capture.close()
  folder.remove()
})

describe('what a segment means after those before it', () => {
  it('has examples of every sign', () => {
    expect(new Set(wanted.flatMap(({ signs }) => signs))).toEqual(new Set(TCP))
  })

  it('is said of each packet', async () => {
    const { rows } = await desk.ask('rows', { view: null, from: 0, count: 1000, fields: [] })
    expect(texts((i) => rows[i]!.signs)).toEqual(expected)
  })

  it('is the same when the index is opened again', async () => {
    await desk.capture.close()
    const { OpenCapture } = await import('../bench/open-capture.ts')
    const again = await OpenCapture.open('0'.repeat(32), join(folder.path, 'index'), [path], () => undefined)
    if (!again.ok) throw new Error(again.error.message)
    desk = asker(again.value)
    const { rows } = await desk.ask('rows', { view: null, from: 0, count: 1000, fields: [] })
    expect(texts((i) => rows[i]!.signs)).toEqual(expected)
  })

  const tshark = hasTshark()
  it.skipIf(!tshark)(`is what tshark says of it${tshark ? '' : ' (skipped: no tshark)'}`, () => {
    const named: Partial<Record<PacketSign, string>> = { acked_unseen: 'ack_lost_segment', port_reused: 'reused_ports' }
    const fields = TCP.map((sign) => (sign === 'reset' ? 'tcp.connection.rst' : `tcp.analysis.${named[sign] ?? sign}`))
    const out = execFileSync('tshark', ['-n', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const rows = out.split('\n').slice(0, wanted.length)
    const said = rows.map((row) => {
      const signs = row.split('\t').flatMap((value, i) => (value === '' ? [] : [TCP[i]!]))
      // Fast and spurious ones are retransmissions too, there.
      const special = signs.includes('fast_retransmission') || signs.includes('spurious_retransmission')
      return signs.filter((sign) => !(special && sign === 'retransmission'))
    })
    expect(texts((i) => said[i] ?? [])).toEqual(expected)
  })
})

function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
