import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { small, smallCaller, smallEngine } from '../../test/contract/small-contract.ts'
import { contractHash } from './contract-hash.ts'
import { EngineFrame, LIMITS, problemOf } from './frames.ts'
import { serve } from './serve.ts'
import type { Transport } from './transport.ts'

const limits = { ...LIMITS, frame: 10_000, depth: 20 }

describe('what may come in', () => {
  it('is any JSON within the bounds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        expect(problemOf(value, LIMITS)).toBeNull()
      }),
    )
  })

  it('is never much larger than the bound, and anything half as large is fine', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string({ maxLength: 300 }), fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ maxLength: 50 }))),
          { maxLength: 100 },
        ),
        (value) => {
          const size = JSON.stringify(value).length
          fc.pre(!JSON.stringify(value).includes('__proto__'))
          // Escapes make text longer than it is in memory.
          if (size > 7 * limits.frame) expect(problemOf(value, limits)).toContain('larger')
          if (size < limits.frame / 3) expect(problemOf(value, limits)).toBeNull()
        },
      ),
    )
  })

  it('is no other data than JSON', () => {
    const cyclic: unknown[] = []
    cyclic.push(cyclic, cyclic)
    const sparse: unknown[] = []
    sparse.length = 4_000_000_000
    for (const value of [
      new Map(),
      new Set(),
      new Date(),
      new Uint8Array(3),
      new ArrayBuffer(9),
      /x/,
      1n,
      Symbol.iterator,
      () => 1,
      new Error('x'),
      new (class Own {})(),
      { a: [new Map()] },
      cyclic,
      sparse,
    ]) {
      expect(problemOf(value, limits)).not.toBeNull()
    }
    expect(problemOf(Object.assign(Object.create(null), { a: 1 }), limits)).toBeNull()
    expect(problemOf(JSON.parse('{"a":{"__proto__":1}}'), limits)).toContain('__proto__')
    expect(problemOf({ constructor: 1, prototype: 2, toString: 'x' }, limits)).toBeNull()
  })
})

/** A transport whose other end is the test. */
function wire(): { transport: Transport; say(message: unknown): void; readonly answers: unknown[]; closed(): string | null } {
  let listener: (message: unknown) => void = () => {}
  let closed: string | null = null
  const answers: unknown[] = []
  return {
    transport: {
      send: (message) => void answers.push(structuredClone(message)),
      onMessage: (given) => (listener = given),
      onClose: () => {},
      close: (reason = '') => (closed = reason),
      drained: () => null,
    },
    say: (message) => listener(message),
    answers,
    closed: () => closed,
  }
}

describe('the engine end', () => {
  const field = fc.oneof(fc.constantFrom('hello', 'req', 'cancel', 'credit', 'next', '__proto__', 'constructor'), fc.jsonValue())
  const nearly = fc.record(
    {
      t: field,
      id: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.jsonValue()),
      method: fc.oneof(fc.constantFrom(...Object.keys(small), 'toString', '__proto__'), fc.string()),
      input: fc.oneof(
        fc.jsonValue(),
        fc.record({ text: fc.string(), to: fc.integer({ max: 50 }), steps: fc.integer({ max: 50 }), value: fc.jsonValue() }),
      ),
      credit: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.jsonValue()),
      n: fc.integer({ min: -1, max: 2000 }),
      contractHash: fc.string(),
    },
    { requiredKeys: ['t'] },
  )
  const proper = fc.oneof(
    fc.record({
      t: fc.constant('req'),
      id: fc.integer({ min: 1, max: 9 }),
      method: fc.constantFrom(...Object.keys(small)),
      input: fc.record(
        { text: fc.string(), to: fc.integer({ max: 50 }), steps: fc.integer({ max: 50 }), value: fc.jsonValue() },
        { requiredKeys: [] },
      ),
      credit: fc.integer({ min: 1, max: 16 }),
    }),
    fc.record({ t: fc.constant('cancel'), id: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ t: fc.constant('credit'), id: fc.integer({ min: 1, max: 9 }), n: fc.integer({ min: 1, max: 16 }) }),
  )

  it('takes anything without throwing, answers in proper frames, at most once a call, and nothing after the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(proper, nearly, fc.anything()), { maxLength: 12 }),
        fc.boolean(),
        async (messages, greet) => {
          const line = wire()
          const engine = smallEngine()
          const connection = serve(small, engine.handlers, line.transport, { caller: smallCaller, log: engine.log })
          if (greet) line.say({ t: 'hello', contractHash: contractHash(small) })
          for (const message of messages) line.say(message)
          await new Promise((done) => setImmediate(done))
          const ends = new Map<number, number>()
          for (const answer of line.answers) {
            const frame = EngineFrame.parse(answer)
            if (frame.t === 'done' || frame.t === 'fail') ends.set(frame.id, (ends.get(frame.id) ?? 0) + 1)
          }
          // An id may be used again once its call has ended; with fewer requests there are never more ends.
          const requests = messages.filter(
            (message) => typeof message === 'object' && message !== null && (message as { t?: unknown }).t === 'req',
          )
          expect([...ends].filter(([id]) => id !== 0).reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(
            requests.length,
          )
          expect(ends.get(0) ?? 0).toBeLessThanOrEqual(1)
          if (line.closed() !== null) {
            const said = line.answers.length
            line.say({ t: 'req', id: 99, method: 'echo.say', input: { text: '' }, credit: 1 })
            await new Promise((done) => setImmediate(done))
            expect(line.answers.length).toBe(said)
          }
          connection.close('over')
          await new Promise((done) => setImmediate(done))
          expect(connection.calls).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
