import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { captureEvents } from './capture-events.ts'
import { captureLines, type CapturePiece, type CaptureStart } from './capture-lines.ts'
import { lookups, pcapHead } from './made-capture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-thread-'))
})
afterEach(() => rm(folder, { recursive: true }))
const start = (): CaptureStart => ({ path: join(folder, 'tap.pcap'), scratch: join(folder, 'scratch'), ends: [], skip: 0 })

async function all(pieces: AsyncGenerator<CapturePiece, void>): Promise<{ text: string; last: CapturePiece | null }> {
  const parts: Uint8Array[] = []
  let last: CapturePiece | null = null
  for await (const piece of pieces) {
    parts.push(piece.bytes)
    last = piece
  }
  return { text: Buffer.concat(parts).toString(), last }
}

it('a thread gives what is given without one, and leaves nothing behind', async () => {
  await writeFile(start().path, Buffer.concat([pcapHead(), lookups(0, 6000)]))
  const ours = await all(captureEvents(start()))
  expect(await readdir(start().scratch)).toEqual([])
  const direct = await all(captureLines(start(), () => Promise.resolve()))
  expect(ours.text.length).toBeGreaterThan(2_000_000)
  expect(ours.text === direct.text).toBe(true)
  expect(ours.last?.tail).toBe(direct.last?.tail)
  expect(ours.last?.end).toEqual({ packets: 9000, stopped: null })
})
it('its lines are left out from the beginning, as many as asked', async () => {
  await writeFile(start().path, Buffer.concat([pcapHead(), lookups(0, 20)]))
  const whole = (await all(captureLines(start(), () => Promise.resolve()))).text.split('\n')
  const rest = (await all(captureEvents({ ...start(), skip: 15 }))).text.split('\n')
  expect(rest).toEqual(whole.slice(15))
})
it('a reader that goes away ends the thread', async () => {
  await writeFile(start().path, Buffer.concat([pcapHead(), lookups(0, 20_000)]))
  let pieces = 0
  for await (const piece of captureEvents(start())) {
    expect(piece.end).toBeNull()
    if (++pieces === 2) break
  }
  expect(existsSync(start().scratch)).toBe(true)
})
it('what is no capture is said', async () => {
  await writeFile(start().path, 'no capture, but some text')
  await expect(all(captureEvents(start()))).rejects.toThrow('no packet capture')
  await expect(all(captureEvents({ ...start(), path: join(folder, 'gone') }))).rejects.toThrow('not there')
})
