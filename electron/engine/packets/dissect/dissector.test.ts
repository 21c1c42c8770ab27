import { afterEach, describe, expect, it, vi } from 'vitest'
import { ok } from '../../../../shared/model/result.ts'
import { Dissector, type DissectorOptions } from './dissector.ts'
import { EXIT_MEMORY, type FromProcess, type ToProcess } from './requests.ts'
import type { PacketSlice } from './slice.ts'

/** A process of the test's own: it answers when it is told to. */
class Fake {
  readonly sent: ToProcess[] = []
  killed = false
  #say: (message: FromProcess) => void = () => {}
  #exit: (code: number | null) => void = () => {}
  readonly process = {
    send: (message: unknown) => void this.sent.push(message as ToProcess),
    onMessage: (listener: (message: unknown) => void) => void (this.#say = listener),
    onExit: (listener: (code: number | null) => void) => void (this.#exit = listener),
    kill: () => void (this.killed = true),
  }
  ready(): void {
    this.#say({ kind: 'ready', version: '4.4', pid: 0 })
  }
  answer(value: unknown, { memory = 0, kept = true } = {}): void {
    this.#say({ kind: 'answer', id: this.sent.at(-1)?.id ?? 0, result: ok(value), memory, kept })
  }
  progress(done: number, memory = 0): void {
    this.#say({ kind: 'progress', id: this.sent.at(-1)?.id ?? 0, done, memory })
  }
  exit(code: number | null): void {
    this.#exit(code)
  }
}
function made(options: DissectorOptions = {}): { dissector: Dissector; started: Fake[]; last: () => Fake } {
  const started: Fake[] = []
  const start = (): Fake['process'] => {
    const fake = new Fake()
    started.push(fake)
    return fake.process
  }
  return { dissector: new Dissector({ start, ...options }), started, last: () => started.at(-1)! }
}
const slice = (number = 1): PacketSlice => ({
  packets: [{ number, bytes: new Uint8Array(60), wire: 60, seconds: 1, nanos: 0, linkType: 1 }],
  secrets: null,
})
const reason = (result: { ok: boolean; error?: { reason: string } }): string => result.error?.reason ?? 'none'

afterEach(() => void vi.useRealTimers())

describe('the dissectors', () => {
  it('start with the first question and answer one after the other', async () => {
    const { dissector, started, last } = made()
    expect(started).toHaveLength(0)
    const first = dissector.check('tcp')
    const second = dissector.check('udp')
    expect(started).toHaveLength(1)
    expect(last().sent).toEqual([])
    last().ready()
    expect(last().sent.map(({ question }) => question)).toEqual([{ kind: 'check', filter: 'tcp' }])
    last().answer({ valid: true })
    expect(await first).toEqual(ok({ valid: true }))
    expect(last().sent).toHaveLength(2)
    last().answer({ valid: false, message: 'no' })
    expect(await second).toEqual(ok({ valid: false, message: 'no' }))
    expect(dissector.version).toBe('4.4')
  })

  it('are sent a slice once', async () => {
    const { dissector, last } = made()
    const one = slice()
    const files = (): boolean[] => last().sent.map(({ question }) => 'slice' in question && question.slice.file !== null)
    const ask = async (of: PacketSlice): Promise<void> => {
      const answered = dissector.filter(of, 'tcp')
      if (last().sent.length === 0) last().ready()
      last().answer(new Float64Array())
      await answered
    }
    await ask(one)
    await ask(one)
    await ask(slice())
    await ask(one)
    expect(files()).toEqual([true, false, true, true])
    const unkept = dissector.filter(one, 'x')
    last().answer(null, { kept: false })
    await unkept
    await ask(one)
    expect(files().slice(4)).toEqual([false, true])
  })

  it('are killed where they take too long, and start again', async () => {
    vi.useFakeTimers()
    const { dissector, started } = made({ shortLimit: 1000, longLimit: 5000, stallLimit: 2000 })
    const slow = dissector.tree(slice(), 1)
    const next = dissector.check('tcp')
    started[0]!.ready()
    vi.advanceTimersByTime(999)
    expect(started[0]!.killed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(started[0]!.killed).toBe(true)
    expect(reason(await slow)).toBe('killed_slow')
    // What it says now is not heard, nor its end.
    started[0]!.answer('late')
    started[0]!.exit(null)
    expect(started).toHaveLength(2)
    started[1]!.ready()
    started[1]!.answer({ valid: true })
    expect((await next).ok).toBe(true)
  })

  it('may take long as long as they get on', async () => {
    vi.useFakeTimers()
    const { dissector, last } = made({ longLimit: 10_000, stallLimit: 2000 })
    const heard: number[] = []
    const run = dissector.filter(slice(), 'tcp', { progress: (done) => void heard.push(done) })
    last().ready()
    for (let i = 1; i <= 5; i++) {
      vi.advanceTimersByTime(1900)
      last().progress(i / 10)
    }
    expect(last().killed).toBe(false)
    expect(heard).toEqual([0.1, 0.2, 0.3, 0.4, 0.5])
    vi.advanceTimersByTime(600)
    expect(last().killed).toBe(true)
    expect(reason(await run)).toBe('killed_slow')
    const stalled = dissector.filter(slice(), 'tcp')
    last().ready()
    vi.advanceTimersByTime(2000)
    expect(reason(await stalled)).toBe('killed_slow')
  })

  it('are killed where they take too much memory, or end themselves', async () => {
    const { dissector, last } = made({ memoryCap: 1000 })
    const first = dissector.filter(slice(), 'tcp')
    last().ready()
    last().progress(0.1, 1001)
    expect(reason(await first)).toBe('killed_memory')
    expect(last().killed).toBe(true)
    const second = dissector.filter(slice(), 'tcp')
    last().ready()
    last().exit(EXIT_MEMORY)
    expect(reason(await second)).toBe('killed_memory')
    const third = dissector.filter(slice(), 'tcp')
    last().ready()
    last().exit(1)
    expect(reason(await third)).toBe('failed')
  })

  it('are replaced between two questions before memory runs out', async () => {
    const { dissector, started, last } = made({ memoryCap: 1000 })
    const first = dissector.check('tcp')
    last().ready()
    last().answer({ valid: true }, { memory: 700 })
    expect((await first).ok).toBe(true)
    expect(started.map(({ killed }) => killed)).toEqual([true, false])
  })

  it('are not waited for once nobody wants the answer', async () => {
    vi.useFakeTimers()
    const { dissector, started, last } = made()
    const [running, queued, quick] = [new AbortController(), new AbortController(), new AbortController()]
    const first = dissector.tree(slice(), 1, {}, { signal: running.signal })
    const second = dissector.tree(slice(), 1, {}, { signal: queued.signal })
    last().ready()
    queued.abort()
    expect(reason(await second)).toBe('cancelled')
    running.abort()
    expect(reason(await first)).toBe('cancelled')
    expect(last().killed).toBe(false)
    vi.advanceTimersByTime(500)
    expect(last().killed).toBe(true)
    // One that ends soon after costs no new process.
    const third = dissector.tree(slice(), 1, {}, { signal: quick.signal })
    last().ready()
    quick.abort()
    last().answer(null)
    expect(reason(await third)).toBe('cancelled')
    vi.advanceTimersByTime(10_000)
    expect(started.map(({ killed }) => killed)).toEqual([true, false])
    expect(reason(await dissector.check('tcp', { signal: AbortSignal.abort() }))).toBe('cancelled')
  })

  it('say so where they cannot start, and try again', async () => {
    const { dissector, started, last } = made()
    const both = Promise.all([dissector.check('tcp'), dissector.check('udp')])
    last().exit(1)
    expect((await both).map(reason)).toEqual(['unavailable', 'unavailable'])
    expect(started).toHaveLength(1)
    const again = dissector.check('tcp')
    last().ready()
    last().answer({ valid: true })
    expect((await again).ok).toBe(true)
  })

  it('end when nobody asks, and when they are closed', async () => {
    vi.useFakeTimers()
    const { dissector, started, last } = made({ idle: 1000 })
    const first = dissector.check('tcp')
    last().ready()
    last().answer({ valid: true })
    await first
    vi.advanceTimersByTime(1000)
    expect(last().killed).toBe(true)
    const open = dissector.check('tcp')
    expect(started).toHaveLength(2)
    last().ready()
    dissector.close()
    expect(reason(await open)).toBe('cancelled')
    expect(last().killed).toBe(true)
    expect(reason(await dissector.check('tcp'))).toBe('cancelled')
  })
})
