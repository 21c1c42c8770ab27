/** A desk's engine as a process of its own, for tests that kill it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SourceSettings } from '../../shared/model/source.ts'

const root = join(import.meta.dirname, '..', '..')
const cli = join(root, 'dist', 'engine', 'cli.js')

export const temporary = (name: string): string => mkdtempSync(join(tmpdir(), `watchfloor-${name}-`))

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  kill(): Promise<void>
}

/** `watchfloor <args>` as a process. */
export function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })))
  return {
    child,
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export const run = (args: readonly string[]): Promise<Ended> => start(args).ended

/** Raw records of all stored events, as they come: together they may be more than one string can hold. */
export async function* storedRaw(dataDir: string): AsyncGenerator<string> {
  const child = spawn(process.execPath, [cli, 'query', '*', '--data', dataDir, '--json', '--raw'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) yield (JSON.parse(line) as { raw: string }).raw
  if ((await ended) !== 0) throw new Error(stderr)
}

/** Numbers of all stored records, in order. */
export async function storedNumbers(dataDir: string): Promise<number[]> {
  const numbers: number[] = []
  for await (const raw of storedRaw(dataDir)) numbers.push((JSON.parse(raw) as { flow_id: number }).flow_id)
  return numbers.sort((a, b) => a - b)
}

/** An EVE record that tells its number. Alerts repeat on a few pairs, so that grouping is at work too. */
export function record(n: number): string {
  const time = new Date(Date.UTC(2026, 0, 5, 8) + n * 20).toISOString().replace('Z', '+0000')
  const base = {
    timestamp: time,
    flow_id: n,
    event_type: n % 5 === 0 ? 'alert' : 'flow',
    src_ip: `198.51.100.${n % 7}`,
    src_port: 40_000 + (n % 1000),
    dest_ip: '10.1.0.5',
    dest_port: 443,
    proto: 'TCP',
  }
  return JSON.stringify(
    n % 5 === 0
      ? {
          ...base,
          alert: {
            action: 'allowed',
            gid: 1,
            signature_id: 9_100_001,
            rev: 1,
            signature: 'Counted',
            category: 'Test',
            severity: 2,
          },
        }
      : base,
  )
}

/** What is wrong with numbers that ought to be 0, 1, 2 … n - 1, as ranges; empty where nothing is. */
export function wrongIn(numbers: readonly number[], n: number): string[] {
  const times = new Uint16Array(n)
  const wrong: string[] = []
  for (const number of numbers) {
    if (number < n) times[number]!++
    else wrong.push(`${number} does not exist`)
  }
  for (let i = 0; i < n;) {
    let to = i
    while (to + 1 < n && times[to + 1] === times[i]) to++
    if (times[i] !== 1) wrong.push(`${i} to ${to}: ${times[i]} times`)
    i = to + 1
  }
  return wrong
}
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** Adds a source, a followed EVE file where only a path is given, to a desk that is not running. */
export async function addSource(
  dataDir: string,
  what: string | { readonly input: SourceSettings['input']; readonly format: string | null },
  name = 'followed',
): Promise<void> {
  const { input, format } = typeof what === 'string' ? { input: { kind: 'file' as const, path: what }, format: 'eve' } : what
  mkdirSync(dataDir, { recursive: true })
  const { openStore } = await import('../../electron/engine/store/client.ts')
  const store = await openStore(dataDir)
  if (!store.ok) throw new Error(store.error.message)
  const saved = await store.value.sources.save({
    id: randomUUID(),
    settings: { name, input, format, zone: 'UTC', paused: false },
    created: new Date().toISOString(),
  })
  if (!saved.ok) throw new Error(saved.error.message)
  await store.value.close()
}
