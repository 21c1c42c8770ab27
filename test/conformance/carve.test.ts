/**
 * What is carved reads as the capture it came from, for tshark and capinfos: captures of every kind in `npm test`, all of them with
 * `WATCHFLOOR_LONG=1`.
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { OpenCapture } from '../../electron/engine/packets/bench/open-capture.ts'
import { carve } from '../../electron/engine/packets/carve/carve.ts'
import { corpus } from '../corpora.ts'

/** Where tshark reads a carved file otherwise than the capture, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'tcpdump/dsa.pcap': 'tshark reads nothing of a classic file whose link type it does not know, but does of pcapng',
  'tcpdump/juniper_monitor_invalid_cookie_length.pcap': 'as before',
  'tcpdump/frf16_magic_ie-oobr.pcap': 'as before',
}

const LONG = process.env['WATCHFLOOR_LONG'] === '1'
const SOME = 20
const Case = z.object({ name: z.string(), file: z.string(), packets: z.number(), linktypes: z.record(z.string(), z.number()) })
type Case = z.infer<typeof Case>

const FIELDS = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols', 'frame.comment']
const installed = ((): boolean => {
  try {
    for (const program of ['tshark', 'capinfos']) execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** What a program says; also where it ends with an error, as it does on captures that are cut. */
const says = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(program, args, { encoding: 'utf8', maxBuffer: 256 << 20 }, (_, stdout) => resolve(stdout))
  })
const packetsOf = async (path: string): Promise<string[]> =>
  (await says('tshark', ['-n', '-r', path, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])])).split('\n')
/** Packets, bytes on the wire, times; those of a carved file have nine digits. */
const sumsOf = async (path: string): Promise<string> =>
  (await says('capinfos', ['-M', '-T', '-r', '-c', '-d', '-a', '-e', path]))
    .trim()
    .split('\t')
    .slice(1)
    .map((value) => value.replace(/\.(\d+)$/, (_, digits: string) => `.${digits.padEnd(9, '0')}`))
    .join(' ')

/** One of each format and link layer first, then others. */
function chosen(cases: readonly Case[]): readonly Case[] {
  if (LONG) return cases
  const kinds = new Map<string, Case[]>()
  for (const one of cases) {
    const kind = `${one.file.slice(one.file.lastIndexOf('.'))} ${Object.keys(one.linktypes).sort().join()}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), one])
  }
  const some: Case[] = []
  for (let turn = 0; some.length < SOME; turn++) {
    const round = [...kinds.values()].flatMap((list) => list[turn] ?? [])
    if (round.length === 0) break
    some.push(...round.slice(0, SOME - some.length))
  }
  return some
}

const folder = corpus('pcap')
const why = folder === null ? ' (skipped: no corpora)' : installed ? '' : ' (skipped: no tshark and capinfos)'
test.skipIf(why !== '')(
  `what is carved reads as what it came from${why}`,
  async () => {
    const cases = readFileSync(join(folder!, 'cases.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => Case.parse(JSON.parse(line)))
    const list = chosen(cases)
    const work = mkdtempSync(join(tmpdir(), 'watchfloor-carve-'))
    const other: string[] = []
    let packets = 0
    try {
      for (const [i, { name, file }] of list.entries()) {
        const path = join(folder!, file)
        const opened = await OpenCapture.open('0'.repeat(32), join(work, String(i)), [path], () => undefined)
        if (!opened.ok) throw new Error(`${name}: ${opened.error.message}`)
        const capture = opened.value
        await capture.read()
        const target = join(work, `${i}.pcapng`)
        const { length } = capture.index.columns
        await carve(capture, upTo(length), 'all', target, () => undefined, new AbortController().signal)
        await capture.close()
        const [before, after, was, is] = await Promise.all([packetsOf(path), packetsOf(target), sumsOf(path), sumsOf(target)])
        packets += length
        const differs = after.findIndex((line, at) => line !== before[at])
        if (differs >= 0 || before.length !== after.length) other.push(name)
        else if (was !== is) other.push(`${name}: capinfos`)
        if (LONG && other.at(-1)?.startsWith(name)) console.log({ name, before: before[differs], after: after[differs], was, is })
        rmSync(join(work, String(i)), { recursive: true })
        rmSync(target)
      }
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    console.log(`carved: ${list.length - other.length} of ${list.length} captures read as before, ${packets} packets`)
    const names = new Set(list.map(({ name }) => name))
    expect(other.sort()).toEqual(
      Object.keys(OTHERWISE)
        .filter((key) => names.has(key.split(': ')[0]!))
        .sort(),
    )
  },
  LONG ? 3_600_000 : 600_000,
)

function* upTo(length: number): Generator<number> {
  for (let packet = 0; packet < length; packet++) yield packet
}
