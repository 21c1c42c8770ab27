/** The one contract suite: what must hold whatever carries the frames. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Result, WatchfloorError } from '../../shared/model/result.ts'
import { connect, type ConnectOptions, type MakeTransport } from '../../shared/rpc/connect.ts'
import { contractHash } from '../../shared/rpc/contract-hash.ts'
import type { ClientOf, ClientState } from '../../shared/rpc/kinds.ts'
import { query } from '../../shared/rpc/kinds.ts'
import type { Transport } from '../../shared/rpc/transport.ts'
import { small, type SmallContract } from './small-contract.ts'

/** An engine with the small contract, behind one kind of transport. */
export interface EngineUnderTest {
  readonly connect: MakeTransport
  /** Ends it without a word to anybody. */
  kill(): Promise<void>
  /** After `kill`. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const QUICK: ConnectOptions = { backoff: { first: 5, most: 20 } }
const NEVER = new AbortController().signal

export function contractSuite(name: string, start: () => Promise<EngineUnderTest>): void {
  describe(`contract over ${name}`, () => {
    let engine: EngineUnderTest
    const clients: ClientOf<SmallContract>[] = []
    const open = (options: ConnectOptions = QUICK): ClientOf<SmallContract> => {
      const client = connect(small, engine.connect, options)
      clients.push(client)
      return client
    }
    beforeAll(async () => {
      engine = await start()
    })
    afterEach(() => {
      for (const client of clients.splice(0)) client.close()
    })
    afterAll(() => engine.stop())

    it('answers queries and commands, with defaults filled in', async () => {
      const client = open()
      expect(await client.query('echo.say', { text: 'ab' })).toEqual({ ok: true, value: { text: 'ab' } })
      expect(await client.query('echo.say', { text: 'ab', times: 3 })).toEqual({ ok: true, value: { text: 'ababab' } })
      const value = { text: '한국어 \u202e <script>', list: [1, 2.5, null, true, { a: [] }] }
      expect(await client.command('echo.value', { value })).toEqual({ ok: true, value: { value } })
      expect(client.state).toBe('open')
    })

    it('refuses inputs with the path of what is wrong', async () => {
      const client = open()
      const wrong = { list: [{ id: 1 }, { id: 'x' }] } as unknown as { list: { id: number }[] }
      expect(errorOf(await client.query('echo.deep', wrong))).toMatchObject({ code: 'invalid_input', path: 'list.1.id' })
      expect(errorOf(await client.query('echo.say', { text: 'x'.repeat(101) }))).toMatchObject({
        code: 'invalid_input',
        path: 'text',
      })
      expect(errorOf(await client.query('echo.say', null as unknown as { text: string }))).toMatchObject({
        code: 'invalid_input',
      })
    })

    it('passes error values through, and asks for the permission', async () => {
      const client = open()
      expect(errorOf(await client.query('echo.missing', {}))).toEqual({ code: 'not_found', message: 'No such thing.' })
      expect(errorOf(await client.command('echo.forbidden', {}))).toMatchObject({ code: 'forbidden', permission: 'rules.manage' })
    })

    it('makes a handler that throws an internal error, whose id is in the log and whose text is not told', async () => {
      const client = open()
      for (const method of ['echo.throws', 'echo.unsendable'] as const) {
        const error = errorOf(await client.query(method, {}))
        expect(error.code).toBe('internal')
        expect(JSON.stringify(error)).not.toContain('private')
        const id = error.code === 'internal' ? error.correlationId : ''
        const state = valueOf(await client.query('probe.state', {}))
        expect(state.faults).toContainEqual({ method, correlationId: id })
      }
    })

    it('cancels a query on both sides', async () => {
      const client = open()
      const before = valueOf(await client.query('probe.state', {})).aborted
      const controller = new AbortController()
      const call = client.query('echo.waits', {}, { signal: controller.signal })
      await client.query('probe.state', {})
      controller.abort()
      expect(errorOf(await call).code).toBe('cancelled')
      await until(async () => valueOf(await client.query('probe.state', {})).aborted > before)
      expect(errorOf(await client.query('echo.waits', {}, { signal: AbortSignal.abort() })).code).toBe('cancelled')
    })

    it('delivers a stream in order, with one reset, to its end', async () => {
      const client = open()
      const values: number[] = []
      let resets = 0
      const end = await new Promise<Result<void>>((resolve) => {
        client.stream('count.up', { to: 5000 }, { next: (value) => void values.push(value), reset: () => resets++, end: resolve })
      })
      expect(end).toEqual({ ok: true, value: undefined })
      expect(resets).toBe(1)
      expect(values).toEqual(Array.from({ length: 5000 }, (_, index) => index))
    })

    it('stops the handler when a stream is cancelled', async () => {
      const client = open()
      const before = valueOf(await client.query('probe.state', {})).aborted
      let got = 0
      await new Promise<void>((resolve) => {
        const subscription = client.stream(
          'count.up',
          { to: 1_000_000 },
          {
            next: () => {
              if (++got < 100) return
              subscription.cancel()
              resolve()
            },
          },
        )
      })
      await until(async () => valueOf(await client.query('probe.state', {})).aborted > before)
      const { emitted } = valueOf(await client.query('probe.state', {}))
      await client.query('echo.say', { text: '' })
      expect(valueOf(await client.query('probe.state', {})).emitted).toBe(emitted)
      expect(got).toBe(100)
    })

    it('never sends a slow consumer more than its credit, of a million values', async () => {
      const client = open()
      const before = valueOf(await client.query('probe.state', {})).emitted
      let got = 0
      let release = (): void => {}
      const subscription = client.stream(
        'count.up',
        { to: 1_000_000 },
        {
          next: () => {
            got++
            return got > 200 ? new Promise<void>((resolve) => (release = resolve)) : undefined
          },
        },
      )
      const window = 16
      await until(() => got === 200 + window)
      for (let i = 0; i < 20; i++) await client.query('echo.say', { text: '' })
      // What the handler has emitted beyond what was taken is the credit, and the one value it waits with.
      expect(valueOf(await client.query('probe.state', {})).emitted - before).toBeLessThanOrEqual(200 + window + 1)
      expect(got).toBe(200 + window)
      release()
      await until(() => got === 200 + window + 1)
      subscription.cancel()
    })

    it('ends a stream whose handler does not wait, or emits what cannot be sent', async () => {
      const client = open()
      let got = 0
      const end = await new Promise<Result<void>>((resolve) => {
        client.stream('count.hurried', { to: 10_000 }, { next: () => void got++, end: resolve })
      })
      expect(errorOf(end).code).toBe('internal')
      expect(got).toBeLessThan(1000)
      const unsendable = await new Promise<Result<void>>((resolve) => {
        client.stream('count.unsendable', {}, { next: () => {}, end: resolve })
      })
      expect(errorOf(unsendable).code).toBe('internal')
    })

    it('conflates progress, and tells the last one', async () => {
      const client = open()
      const steps: number[] = []
      const call = client.job('work.run', { steps: 100_000 })
      call.onProgress(({ step }) => steps.push(step))
      expect(await call.done).toEqual({ ok: true, value: { steps: 100_000 } })
      expect(steps.at(-1)).toBe(100_000)
      expect(steps.length).toBeLessThan(50_000)
      expect(steps).toEqual([...steps].sort((a, b) => a - b))
    })

    it('cancels a job', async () => {
      const client = open()
      const before = valueOf(await client.query('probe.state', {})).aborted
      const call = client.job('work.waits', {})
      await new Promise<void>((resolve) => call.onProgress(() => resolve()))
      call.cancel()
      expect(errorOf(await call.done).code).toBe('cancelled')
      await until(async () => valueOf(await client.query('probe.state', {})).aborted > before)
    })

    it('queues what is more than the engine takes at once', async () => {
      const client = open()
      const answers = await Promise.all(
        Array.from({ length: 1000 }, (_, index) => client.query('echo.say', { text: String(index) })),
      )
      expect(answers.map((answer) => valueOf(answer).text)).toEqual(answers.map((_, index) => String(index)))
    })

    it('fails every pending call when the engine is killed, reconnects and resubscribes', async () => {
      const client = open()
      const states: ClientState[] = []
      client.onState((state) => states.push(state))
      const values: (number | 'reset')[] = []
      let ended = false
      client.stream(
        'count.up',
        { from: 7, to: 1_000_000 },
        {
          next: (value) => (values.length < 20 ? void values.push(value) : new Promise(() => {})),
          reset: () => void values.splice(0, values.length, 'reset'),
          end: () => (ended = true),
        },
      )
      const pending = [client.query('echo.waits', {}), client.query('echo.waits', {}), client.job('work.waits', {}).done]
      await until(() => values.length === 20)
      await engine.kill()
      for (const result of await Promise.all(pending)) expect(errorOf(result).code).toBe('engine_gone')
      await until(() => states.includes('gone'))
      expect(errorOf(await client.query('echo.say', { text: 'x' })).code).toBe('engine_gone')
      values.length = 0
      await engine.restart()
      await until(() => values.length === 20)
      expect(values.slice(0, 3)).toEqual(['reset', 7, 8])
      expect(states.slice(-2)).toEqual(['gone', 'open'])
      expect(ended).toBe(false)
      expect(valueOf(await client.query('echo.say', { text: 'back' })).text).toBe('back')
    })

    it('fails calls that were asked before the first hello when there is no engine', async () => {
      const client = connect(small, () => Promise.reject(new Error('nobody there')), QUICK)
      clients.push(client)
      expect(client.state).toBe('connecting')
      expect(errorOf(await client.query('echo.say', { text: 'x' })).code).toBe('engine_gone')
      const silent = connect(small, () => new Promise<Transport>(() => {}), { ...QUICK, patience: 20 })
      clients.push(silent)
      expect(errorOf(await silent.query('echo.say', { text: 'x' })).code).toBe('engine_gone')
    })

    it('ends everything on close', async () => {
      const client = open()
      let ended: Result<void> | null = null
      client.stream('count.up', { to: 1_000_000 }, { next: () => {}, end: (result) => (ended = result) })
      const call = client.query('echo.waits', {})
      await client.query('echo.say', { text: '' })
      client.close()
      expect(errorOf(await call).code).toBe('engine_gone')
      expect(ended).toMatchObject({ ok: false })
      expect(client.state).toBe('closed')
      expect(errorOf(await client.query('echo.say', { text: '' })).code).toBe('engine_gone')
    })

    it('tells a screen of another build, and does not try again', async () => {
      const other = { ...small, 'echo.new': query('desk.read', small['echo.say'].input, small['echo.say'].output) }
      const refused = await new Promise<WatchfloorError>((resolve) => {
        const client = connect(other, engine.connect, { ...QUICK, onRefused: resolve })
        clients.push(client as unknown as ClientOf<SmallContract>)
      })
      expect(refused.code).toBe('conflict')
      expect(refused.message).toContain('different versions')
      expect(clients.at(-1)?.state).toBe('closed')
      expect(errorOf(await (clients.at(-1) as ClientOf<SmallContract>).query('echo.say', { text: '' })).code).toBe('conflict')
    })

    it('refuses an input that is too large without losing the connection', async () => {
      const client = open()
      expect(errorOf(await client.command('echo.value', { value: 'x'.repeat(9 * 1024 * 1024) })).code).toBe('invalid_input')
      expect(client.state).toBe('open')
      expect(valueOf(await client.command('echo.value', { value: 'x'.repeat(1024 * 1024) })).value).toHaveLength(1024 * 1024)
    })

    describe('against a hostile client', () => {
      const hello = { t: 'hello', contractHash: contractHash(small) }
      const req = (id: unknown, method: unknown, input: unknown = {}): unknown => ({ t: 'req', id, method, input, credit: 1 })

      it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf', '', 'echo.say\0'])(
        'has no method named %j',
        async (method) => {
          const line = await rawLine(engine)
          line.send(hello)
          line.send(req(1, method))
          line.send(req(2, 'echo.say', { text: 'still here' }))
          await until(() => line.got.length === 3)
          expect(line.got[1]).toMatchObject({ t: 'fail', id: 1, error: { code: 'not_found' } })
          expect(line.got[2]).toMatchObject({ t: 'done', id: 2, value: { text: 'still here' } })
          line.close()
        },
      )

      const deep: unknown = Array.from({ length: 100 }).reduce((inner) => [inner], 1)
      const withProto: unknown = JSON.parse('{"value":{"__proto__":{"polluted":true}}}')
      it.each<[string, readonly unknown[]]>([
        ['a number', [hello, 42]],
        ['null', [hello, null]],
        ['a list', [hello, [1, 2]]],
        ['an unknown kind', [hello, { t: 'launch' }]],
        ['a kind named constructor', [hello, { t: 'constructor' }]],
        ['an id of 0', [hello, req(0, 'echo.say')]],
        ['an id that is text', [hello, req('1', 'echo.say')]],
        ['an id too large', [hello, req(2 ** 60, 'echo.say')]],
        ['an endless method name', [hello, req(1, 'x'.repeat(1000))]],
        ['another field', [hello, { t: 'cancel', id: 1, more: true }]],
        ['no credit', [hello, { t: 'req', id: 1, method: 'echo.say', input: {} }]],
        ['endless credit', [hello, { t: 'req', id: 1, method: 'count.up', input: { to: 1e6 }, credit: 1e9 }]],
        ['the same id twice', [hello, req(1, 'echo.waits'), req(1, 'echo.waits')]],
        ['a second hello', [hello, hello]],
        ['a call before the hello', [req(1, 'echo.say', { text: '' })]],
        ['a frame of the engine', [hello, { t: 'done', id: 1, value: {} }]],
        ['too deep an input', [hello, req(1, 'echo.value', { value: deep })]],
        ['a key named __proto__', [hello, req(1, 'echo.value', withProto)]],
        ['more than 8 MiB', [hello, req(1, 'echo.value', { value: 'x'.repeat(8 * 1024 * 1024 + 100) })]],
        [
          'more than 8 MiB in small parts',
          [hello, req(1, 'echo.value', { value: Array.from({ length: 3_000_000 }, () => 1.5) })],
        ],
      ])('closes its connection for %s, and goes on serving others', async (_, messages) => {
        const other = open()
        await other.query('echo.say', { text: '' })
        const values = valueOf(await other.query('probe.state', {})).values
        const line = await rawLine(engine)
        for (const message of messages) line.send(message)
        await until(() => line.closed() !== null)
        expect(line.closed()).not.toBe('')
        expect(valueOf(await other.query('echo.say', { text: 'others' })).text).toBe('others')
        expect(valueOf(await other.query('probe.state', {})).values).toBe(values)
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
      })

      it('takes frames for calls that are over as ordinary', async () => {
        const line = await rawLine(engine)
        line.send(hello)
        line.send({ t: 'cancel', id: 99 })
        line.send({ t: 'credit', id: 99, n: 1024 })
        line.send(req(1, 'echo.say', { text: 'fine' }))
        await until(() => line.got.length === 2)
        expect(line.got[1]).toMatchObject({ t: 'done', value: { text: 'fine' } })
        line.close()
      })

      it('bounds the calls that run at once', async () => {
        const line = await rawLine(engine)
        line.send(hello)
        for (let id = 1; id <= 300; id++) line.send(req(id, 'echo.waits'))
        line.send({ t: 'cancel', id: 1 })
        await until(() => line.got.length === 1 + 44 + 1)
        expect(line.got.slice(1, 45).every((frame) => (frame as { error?: WatchfloorError }).error?.code === 'store_busy')).toBe(
          true,
        )
        expect(line.got[45]).toMatchObject({ t: 'fail', id: 1, error: { code: 'cancelled' } })
        line.close()
      })
    })
  })
}

/** A client's end without a client: sends anything. */
async function rawLine(
  engine: EngineUnderTest,
): Promise<{ send(message: unknown): void; readonly got: unknown[]; closed(): string | null; close(): void }> {
  const transport = await engine.connect(NEVER)
  const got: unknown[] = []
  let closed: string | null = null
  transport.onMessage((message) => got.push(message))
  transport.onClose((reason) => (closed = reason))
  return { send: (message) => transport.send(message), got, closed: () => closed, close: () => transport.close() }
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`expected a value, got ${JSON.stringify(result.error)}`)
  return result.value
}
export function errorOf(result: Result<unknown>): WatchfloorError {
  if (result.ok) throw new Error(`expected an error, got ${JSON.stringify(result.value)}`)
  return result.error
}
/** Waits for a condition; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 2))
}
