/** The thread that verifies dies, the store does not answer, somebody breaks off: nothing stays unverified, and nothing half seen is kept. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, expect, test, vi } from 'vitest'
import { PacketBench } from '../../electron/engine/packets/bench/bench.ts'
import { CaptureLibrary } from '../../electron/engine/packets/library/capture-library.ts'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import type { Store } from '../../electron/engine/store/types.ts'
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

async function withDesk(name: string, use: (store: Store, verifier: Verifier) => Promise<void>): Promise<void> {
  const data = join(folder, name)
  const file = join(folder, `${name}.json`)
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
    await use(store, verifier)
  } finally {
    await verifier.close()
    await library.close()
    await bench.close()
    await store.close()
  }
}

async function waiting(store: Store): Promise<number> {
  const found = await store.impact.unverified(ALERTS, new AbortController().signal)
  return found.ok ? found.value.length : NaN
}
const allVerified = (store: Store): Promise<void> =>
  vi.waitFor(async () => expect(await waiting(store)).toBe(0), { timeout: 30_000, interval: 100 })

test('alerts that were waiting when the thread died are verified by the next one', { timeout: 60_000 }, () =>
  withDesk('killed', async (store, verifier) => {
    verifier.start()
    // Before anything is verified: what is verified would make it look again at the rest.
    await vi.waitFor(() => expect(threads.verifying).toHaveLength(1), { timeout: 20_000, interval: 1 })
    expect(verifier.verified).toBe(0)
    await threads.verifying[0]!.terminate()
    expect(await waiting(store)).toBe(ALERTS)
    await allVerified(store)
    expect(threads.verifying).toHaveLength(2)
  }),
)

const BUSY = { ok: false, error: { code: 'store_busy', message: 'Not now.' } } as const

test('what the store does not answer, or does not keep, is tried again', { timeout: 60_000 }, () =>
  withDesk('busy', async (store, verifier) => {
    const asked = vi.spyOn(store.impact, 'unverified').mockResolvedValueOnce(BUSY)
    // All that is verified first.
    const kept = vi.spyOn(store.impact, 'keep')
    for (let n = 0; n < ALERTS / 20; n++) kept.mockResolvedValueOnce(BUSY)
    verifier.start()
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 20_000 })
    await allVerified(store)
  }),
)

test('a verification that is broken off says so, and nothing is kept of it', { timeout: 60_000 }, () =>
  withDesk('broken-off', async (store, verifier) => {
    const ending = new AbortController()
    const found = await store.impact.unverified(1, ending.signal)
    const id = found.ok ? found.value[0]!.id : ''
    const kept = vi.spyOn(store.impact, 'keep')
    // At every of its questions, as it comes.
    for (let ms = 0; ms < 40; ms += 4) {
      const one = new AbortController()
      const verifying = verifier.verify([id], 'kim', one.signal)
      setTimeout(() => one.abort(), ms)
      const verified = await verifying
      if (!verified.ok) expect(verified.error.code).toBe('cancelled')
    }
    const whole = await verifier.verify([id], 'kim', ending.signal)
    if (!whole.ok) throw new Error(whole.error.message)
    for (const [results] of kept.mock.calls)
      for (const { verification } of results) expect(verification.looked.events).toBe(whole.value[0]!.looked.events)
  }),
)
