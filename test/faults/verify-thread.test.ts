/** The thread that verifies dies: what it was given is verified by the next one, and nobody has to ask. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, expect, test, vi } from 'vitest'
import { PacketBench } from '../../electron/engine/packets/bench/bench.ts'
import { CaptureLibrary } from '../../electron/engine/packets/library/capture-library.ts'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import { CaptureStreams } from '../../electron/engine/verify/gather/streams.ts'
import { deskKnows } from '../../electron/engine/verify/desk-knows.ts'
import { Verifier } from '../../electron/engine/verify/verifier.ts'

const threads = vi.hoisted(() => ({ verifying: [] as Worker[] }))
vi.mock('node:worker_threads', async (original) => {
  const whole = await original<typeof import('node:worker_threads')>()
  return {
    ...whole,
    Worker: class extends whole.Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given)
        if (String(given[0]).includes('verify.worker')) threads.verifying.push(this)
      }
    },
  }
})

const ALERTS = 60
const cli = join(import.meta.dirname, '..', '..', 'dist', 'engine', 'cli.js')
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-verify-thread-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const record = (n: number): string =>
  JSON.stringify({
    timestamp: `2026-11-19T18:00:${String(n % 60).padStart(2, '0')}.000000+0000`,
    event_type: 'alert',
    src_ip: '198.51.100.7',
    src_port: 40_000 + n,
    dest_ip: `192.0.2.${n}`,
    dest_port: 80,
    proto: 'TCP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 9_100_000 + n,
      rev: 1,
      signature: `Probe ${n}`,
      category: 'Probe',
      severity: 2,
    },
  })

test('alerts that were waiting when the thread died are verified by the next one', { timeout: 60_000 }, async () => {
  const data = join(folder, 'data')
  const file = join(folder, 'eve.json')
  writeFileSync(file, Array.from({ length: ALERTS }, (_, n) => `${record(n)}\n`).join(''))
  const imported = spawnSync(process.execPath, [cli, 'import', file, '--data', data], { encoding: 'utf8' })
  expect(imported.status, imported.stderr).toBe(0)
  const opened = await openStoreWith(data, {})
  if (!opened.ok) throw new Error(opened.error.message)
  const store = opened.value
  const bench = new PacketBench(data)
  const library = new CaptureLibrary(data)
  const verifier = new Verifier(store, deskKnows(new CaptureStreams(bench, library), null))
  try {
    verifier.start()
    // Before anything is verified: what is verified would make it look again at the rest.
    await vi.waitFor(() => expect(threads.verifying).toHaveLength(1), { timeout: 20_000, interval: 1 })
    expect(verifier.verified).toBe(0)
    await threads.verifying[0]!.terminate()
    const waiting = async (): Promise<number> => {
      const found = await store.impact.unverified(ALERTS, new AbortController().signal)
      return found.ok ? found.value.length : NaN
    }
    expect(await waiting()).toBe(ALERTS)
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 30_000, interval: 100 })
    expect(threads.verifying).toHaveLength(2)
  } finally {
    await verifier.close()
    await library.close()
    await bench.close()
    await store.close()
  }
})
