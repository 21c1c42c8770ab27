/** Thousands of captures: a search reads a little of each summary, and nothing of those of other times. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hostOf } from './keys.ts'
import { Library } from './library.ts'
import { madePcap, type MadePacket } from './made-pcap.ts'
import type { FlowsAsked } from './read-summary.ts'
import { BLOCK } from './key-filter.ts'
import { HEAD_BYTES } from './summary-format.ts'

const CAPTURES = 2000
const FLOWS = 20
const BEGIN = 1_767_225_600
/** Seconds from one capture to the next. */
const STEP = 60
const root = mkdtempSync(join(tmpdir(), 'watchfloor-many-'))
const folder = join(root, 'rolling')
let library: Library

beforeAll(async () => {
  mkdirSync(folder)
  for (let i = 0; i < CAPTURES; i++) {
    const begin = BEGIN + i * STEP
    const packets: MadePacket[] = Array.from({ length: FLOWS }, (_, n) => ({
      seconds: begin + n,
      from: `10.${i >> 8}.${i & 255}.${n + 1}`,
      to: '198.51.100.1',
      ports: [20_000 + n, 443] as const,
    }))
    // Two hosts that are seldom seen together.
    if (i % 100 === 7) packets.push({ seconds: begin + 30, from: '192.0.2.7', to: '203.0.113.9', ports: [4444, 22] })
    const path = join(folder, `trace_${String(i).padStart(5, '0')}_${begin}.pcap`)
    writeFileSync(path, madePcap(packets))
    utimesSync(path, begin + 50, begin + 50)
  }
  library = new Library(join(root, 'data', 'library'), () => undefined)
  library.add({ path: folder, budgetBytes: 0, budgetDays: 0 })
  await library.pass()
}, 300_000)
afterAll(async () => {
  await library.close()
  rmSync(root, { recursive: true })
})

async function search(of: Partial<FlowsAsked>): Promise<{ hits: number; bytes: number }> {
  const before = library.bytesRead
  const { hits, notIndexed } = await library.search({ hosts: [], port: null, community: null, from: null, to: null, ...of }, 1000)
  expect(notIndexed).toBe(0)
  return { hits: hits.length, bytes: library.bytesRead - before }
}
const pair = [hostOf('203.0.113.9')!, hostOf('192.0.2.7')!]

it('finds a pair among all', async () => {
  expect(library.folders[0]).toMatchObject({ files: CAPTURES, indexed: CAPTURES, problem: null })
  const { hits, bytes } = await search({ hosts: pair })
  expect(hits).toBe(CAPTURES / 100)
  // Head and one block of each; the flows of those that have it, and of the few that seem to.
  expect(bytes).toBeLessThan(CAPTURES * (HEAD_BYTES + BLOCK) + 4 * hits * (FLOWS + 1) * 64)
})

it('reads nothing of other times', async () => {
  const from = BEGIN + 707 * STEP
  const { hits, bytes } = await search({ hosts: pair, from, to: from + 5 * STEP })
  expect(hits).toBe(1)
  expect(bytes).toBeLessThan(6 * (HEAD_BYTES + BLOCK) + 2 * (FLOWS + 1) * 64)
  expect(await search({ hosts: pair, from: BEGIN + CAPTURES * STEP + 60, to: null })).toEqual({ hits: 0, bytes: 0 })
})

it('finds places for an alert', async () => {
  const time = BEGIN + 1207 * STEP + 30
  const { paths } = await library.find({ hosts: pair, community: null, from: time - 120, to: time + 120 })
  expect(paths).toEqual([join(folder, `trace_01207_${BEGIN + 1207 * STEP}.pcap`)])
})
