import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PacketTimes } from './packet-times.ts'

it('every packet has its time and direction, however many there are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-times-'))
  const times = new PacketTimes(join(folder, 'times'))
  try {
    const count = 400_000
    for (let i = 0; i < count; i++)
      times.add(i % 7 === 0 ? NaN : 1_767_323_045 + i, (i * 997) % 1_000_000_000, i % 3 === 0 ? 1 : 0)
    expect(times.length).toBe(count)
    for (const packet of [0, 1, 65_535, 65_536, 131_072, 200_001, 262_144, 399_999]) {
      expect(times.of(packet)).toEqual({
        packet,
        seconds: packet % 7 === 0 ? NaN : 1_767_323_045 + packet,
        nanos: (packet * 997) % 1_000_000_000,
        direction: packet % 3 === 0 ? 1 : 0,
      })
    }
  } finally {
    times.close()
    await rm(folder, { recursive: true })
  }
})
