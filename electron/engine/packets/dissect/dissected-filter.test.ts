/** Filters that are partly the dissectors', over a capture made by hand, with dissectors of the test's own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { captureHandlers, type CallName, type CaptureCalls } from '../bench/capture-calls.ts'
import { OpenCapture } from '../bench/open-capture.ts'
import { PcapngWriter } from '../capture/write-pcapng.ts'
import { dissectedFilter, type FilterBench, type FilterProgress } from './dissected-filter.ts'
import type { AskOptions } from './dissector.ts'
import type { Dissected, KnownField } from './requests.ts'
import type { Slice } from './slice.ts'

const PACKETS = 200

/** TCP from four ports to 80 and 443, every fifth packet in a tunnel. */
function frame(i: number): Uint8Array {
  const tcp = Buffer.alloc(20 + (i % 3))
  tcp.writeUInt16BE(40_000 + (i % 4), 0)
  tcp.writeUInt16BE(i % 2 ? 443 : 80, 2)
  tcp.writeUInt32BE(1000 + i, 4)
  tcp.set([0x50, 0x18, 1, 0], 12)
  const ip = (protocol: number, body: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(20 + body.length)
    bytes.set([0x45, 0, 0, 0, 0, i, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 1 + (i % 4)])
    bytes.writeUInt16BE(bytes.length, 2)
    bytes.set(body, 20)
    return bytes
  }
  const inner = ip(6, tcp)
  return Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]), i % 5 === 4 ? ip(4, inner) : inner])
}

let folder = ''
let capture: OpenCapture
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-dissected-'))
  const path = join(folder, 'made.pcapng')
  const writer = new PcapngWriter()
  const iface = writer.interface({ linkType: 1 })
  for (let i = 0; i < PACKETS; i++) {
    const bytes = frame(i)
    writer.packet(iface, { bytes, wire: bytes.length, seconds: 1_800_000_000 + i, nanos: 0 })
  }
  writeFileSync(path, writer.take())
  const opened = await OpenCapture.open('made', join(folder, 'index'), [path], () => undefined)
  if (!opened.ok) throw new Error(opened.error.message)
  capture = opened.value
  await capture.read()
})
afterAll(async () => {
  await capture.close()
  rmSync(folder, { recursive: true, force: true })
})

/** `made.a` is in every third packet, `made.b` in every fifth ... */
const MADE: Readonly<Record<string, number>> = { 'made.a': 3, 'made.b': 5, 'made.c': 7 }
const there = (text: string, number: number): boolean => {
  const words = text.replaceAll(/made\.[abc]/g, (name) => String(number % (MADE[name] ?? 1) === 0))
  return evaluated(words)
}
/** Of true, false, and, or, xor, not and parentheses. */
function evaluated(words: string): boolean {
  const one = words.replace(/\((true|false)\)/, '$1').replace(/not (true|false)/, (_, value) => String(value !== 'true'))
  if (one !== words) return evaluated(one)
  const two = words.replace(/(true|false) (and|or|xor) (true|false)/, (_, a, by, b) =>
    String(by === 'and' ? a === 'true' && b === 'true' : by === 'or' ? a === 'true' || b === 'true' : a !== b),
  )
  if (two !== words) return evaluated(two)
  return words === 'true'
}

const known = (name: string): KnownField[] =>
  name in MADE ? [{ name, type: 'FT_NONE', title: '' }] : name === 'eth.stream' ? [{ name, type: 'FT_UINT32', title: '' }] : []

interface Ran {
  readonly asked: { readonly text: string; readonly slice: Slice }[]
  readonly calls: CallName[]
  readonly told: FilterProgress[]
  readonly result: Awaited<ReturnType<typeof dissectedFilter>>
  readonly found: readonly number[]
}
type Answer = (slice: readonly number[], text: string, options: AskOptions) => Promise<Dissected<Float64Array>>
const truth: Answer = (numbers, text, { progress }) => {
  for (let i = 0; i <= 4; i++) progress?.(i / 4)
  return Promise.resolve(ok(Float64Array.from(numbers.filter((number) => there(text, number)))))
}

async function run(filter: string, { answer = truth, most = 60, signal = new AbortController().signal } = {}): Promise<Ran> {
  const asked: Ran['asked'] = []
  const calls: CallName[] = []
  const told: FilterProgress[] = []
  const handlers = captureHandlers(capture)
  const call = async <N extends CallName>(
    name: N,
    input: CaptureCalls[N][0],
    _?: AbortSignal,
    progress: (value: unknown) => void = () => undefined,
  ): Promise<Result<CaptureCalls[N][1]>> => {
    calls.push(name)
    return await handlers[name](input, progress, signal)
  }
  const bench: FilterBench = {
    thread: () => ok({ call }),
    fieldNames: {
      find: (name) => Promise.resolve(known(name)[0] ?? null),
      like: () => Promise.resolve([]),
      known: (names) => names.flatMap(known),
    },
    filterDissector: {
      filter: (slice, text, options = {}) => {
        asked.push({ text, slice })
        return answer('packets' in slice ? slice.packets.map(({ number }) => number) : [], text, options)
      },
    },
  }
  const input = { capture: 'made', filter, span: { from: null, to: null } }
  const result = await dissectedFilter(bench, input, (value) => void told.push(value), signal, most)
  const view = result.ok ? capture.view(result.value.view) : null
  const found = view?.ok ? (view.value?.packets(0, PACKETS).map((packet) => packet + 1) ?? []) : []
  return { asked, calls, told, result, found }
}
const numbers = (holds: (number: number) => boolean): number[] =>
  Array.from({ length: PACKETS }, (_, i) => i + 1).filter((number) => holds(number))

const OWN: Readonly<Record<string, (number: number) => boolean>> = {
  'frame.number > 100': (number) => number > 100,
  'tcp.stream == 2': (number) => (number - 1) % 4 === 2,
  'tcp.dstport == 443': (number) => number % 2 === 0,
  'ip.dst#1 == 198.51.100.1': (number) => (number - 1) % 4 === 0,
}

describe('a filter that is partly for the dissectors', () => {
  it('asks them for their part alone', async () => {
    const { asked, found, result } = await run('tcp.stream == 2 && made.a')
    expect(new Set(asked.map(({ text }) => text))).toEqual(new Set(['made.a']))
    expect(found).toEqual(numbers((number) => (number - 1) % 4 === 2 && number % 3 === 0))
    expect(result.ok && result.value).toMatchObject({ how: 'dissect', scanned: PACKETS, of: PACKETS, matched: found.length })
  })

  it('lets through what its parts say together', async () => {
    interface Made {
      readonly text: string
      readonly holds: (number: number) => boolean
    }
    const leaf = fc.constantFrom<Made>(
      ...Object.entries(OWN).map(([text, holds]) => ({ text, holds })),
      ...Object.entries(MADE).map(([text, every]) => ({ text, holds: (number: number) => number % every === 0 })),
    )
    const { term } = fc.letrec<{ term: Made }>((tie) => ({
      term: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(tie('term'), fc.constantFrom('and', 'or', 'xor'), tie('term')).map(([a, by, b]): Made => ({
          text: `(${a.text} ${by} ${b.text})`,
          holds: (number) => {
            const [left, right] = [a.holds(number), b.holds(number)]
            return by === 'and' ? left && right : by === 'or' ? left || right : left !== right
          },
        })),
        tie('term').map((a): Made => ({ text: `not (${a.text})`, holds: (number) => !a.holds(number) })),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(term, fc.integer({ min: 20, max: 250 }), async ({ text, holds }, most) => {
        const { found, result } = await run(text, { most })
        expect(result.ok).toBe(true)
        expect(found).toEqual(numbers(holds))
      }),
      { numRuns: 150 },
    )
  })

  it('gives them a stretch once, whatever is asked of it, and the secrets are asked for once', async () => {
    const { asked, calls } = await run('made.a and tcp.stream == 1 or made.b and frame.number > 20 or made.c')
    const stretches = new Set(asked.map(({ slice }) => slice))
    expect(stretches.size).toBeGreaterThan(2)
    expect(asked.length).toBe(3 * stretches.size)
    expect(calls.filter((name) => name === 'secrets')).toHaveLength(1)
    expect(calls.filter((name) => name === 'undecided')).toHaveLength(stretches.size)
  })

  it('gives them the flows alone that it is about, where those are few', async () => {
    const given = async (filter: string): Promise<number[][]> =>
      (await run(filter, { most: PACKETS })).asked.map(({ slice }) =>
        'packets' in slice ? slice.packets.map(({ number }) => number) : [],
      )
    expect(await given('tcp.stream == 2 && made.a')).toEqual([numbers((number) => (number - 1) % 4 === 2)])
    expect(await given('tcp.stream <= 2 && made.a')).toEqual([numbers(() => true)])
  })

  it('tells of progress that never goes back', async () => {
    const { told } = await run('made.a xor tcp.stream == 1 xor made.b')
    const scanned = told.map((value) => value.scanned)
    expect(scanned.length).toBeGreaterThan(10)
    expect(scanned).toEqual([...scanned].sort((a, b) => a - b))
    expect(scanned.at(-1)).toBe(PACKETS)
    expect(new Set(told.map(({ of }) => of))).toEqual(new Set([PACKETS]))
  })

  it('can be cancelled while they are at work', async () => {
    const abort = new AbortController()
    const waiting: Answer = (_, __, { signal }) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve(fail({ reason: 'cancelled', message: 'cancelled' })))
        setImmediate(() => abort.abort())
      })
    const { result, calls, asked } = await run('made.a', { answer: waiting, signal: abort.signal })
    expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(asked).toHaveLength(1)
    expect(calls).not.toContain('decided')
  })

  it('says what they could not answer', async () => {
    const refusing: Answer = () => Promise.resolve(fail({ reason: 'refused', message: 'tcp.stream would be counted' }))
    const { result } = await run('tcp.dstport == 80 and not made.a', { answer: refusing })
    expect(result).toMatchObject({ ok: false, error: { code: 'unsupported_format' } })
    expect(!result.ok && result.error.message).toContain('“not (made.a)”: tcp.stream would be counted')
  })

  it('gives them the capture from its first packet on where that matters', async () => {
    // Undecided packets begin late: so do stretches, where nothing is asked that counts from the first packet.
    const firsts = ({ asked }: Ran): number[] => asked.map(({ slice }) => ('packets' in slice ? slice.packets[0]!.number : 0))
    const nobody: Answer = () => Promise.resolve(ok(new Float64Array()))
    expect(firsts(await run('frame.number > 150 && made.a', { answer: nobody, most: 250 }))).toEqual([126])
    expect(firsts(await run('frame.number > 150 && made.a && eth.stream == 1', { answer: nobody, most: 250 }))).toEqual([1])
  })
})
