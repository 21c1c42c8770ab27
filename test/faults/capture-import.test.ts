/**
 * SIGKILL at random moments while a capture is imported: once it has been imported to its end every event is there exactly once, and
 * importing it again adds nothing. `WATCHFLOOR_KILLS` says how often, in tenths (default 10).
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { lookups, pcapHead } from '../../electron/engine/packets/events/made-capture.ts'
import { run, start, temporary } from './engine.ts'

const KILLS = Math.ceil(Number(process.env['WATCHFLOOR_KILLS'] ?? 10) / 3)
const LOOKUPS = 12_000
const base = temporary('capture-import')
const file = join(base, 'tap.pcap')
const data = join(base, 'desk')
afterAll(() => rmSync(base, { recursive: true, force: true }))

const Stored = z.object({ raw: z.string() })
const Summary = z.looseObject({ events: z.number() })
const importing = ['import', file, '--data', data, '--json']

function storedEvents(): string[] {
  const cli = join(import.meta.dirname, '..', '..', 'dist', 'engine', 'cli.js')
  const args = [cli, 'query', '*', '--data', data, '--json', '--raw']
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => Stored.parse(JSON.parse(line)).raw)
}

test('a capture whose import is killed is stored exactly once', async () => {
  writeFileSync(file, Buffer.concat([pcapHead(), lookups(0, LOOKUPS)]))
  const began = Date.now()
  expect((await run(['import', file, '--data', join(base, 'first'), '--json'])).code).toBe(0)
  const whole = Date.now() - began
  for (let i = 0; i < KILLS; i++) {
    const running = start(importing)
    await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, whole * (0.3 + 0.7 * Math.random())))])
    await running.kill()
  }
  const done = await run(importing)
  expect(done.code).toBe(0)
  const raws = storedEvents()
  expect(raws.length).toBe(2 * LOOKUPS)
  expect(new Set(raws).size).toBe(2 * LOOKUPS)
  const again = await run(importing)
  expect(Summary.parse(JSON.parse(again.stdout)).events).toBe(0)
  // What it needed while it read has gone with the programs that died.
  if (process.platform !== 'win32') expect(readdirSync(join(data, 'captures'))).toEqual([])
}, 180_000)
