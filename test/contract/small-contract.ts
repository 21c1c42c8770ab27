/** A contract with one method for everything a wire must be able to do, and handlers that tell what happened to them. */
import { z } from 'zod'
import { ok } from '../../shared/model/result.ts'
import { command, type Caller, type HandlersOf, job, query, stream } from '../../shared/rpc/kinds.ts'
import type { ServeLog } from '../../shared/rpc/serve.ts'

export const small = {
  'echo.say': query(
    'desk.read',
    z.object({ text: z.string().max(100), times: z.number().int().min(1).default(1) }),
    z.object({ text: z.string() }),
  ),
  'echo.deep': query('desk.read', z.object({ list: z.array(z.object({ id: z.number() })) }), z.object({ sum: z.number() })),
  'echo.value': command('settings.manage', z.object({ value: z.json() }), z.object({ value: z.json() })),
  'echo.missing': query('desk.read', z.object({}), z.object({})),
  'echo.forbidden': command('rules.manage', z.object({}), z.object({})),
  'echo.throws': query('desk.read', z.object({}), z.object({})),
  'echo.unsendable': query('desk.read', z.object({}), z.object({ value: z.unknown() })),
  'echo.waits': query('desk.read', z.object({}), z.object({})),
  'count.up': stream('desk.read', z.object({ from: z.number().int().default(0), to: z.number().int() }), z.number()),
  'count.hurried': stream('desk.read', z.object({ to: z.number().int() }), z.number()),
  'count.unsendable': stream('desk.read', z.object({}), z.unknown()),
  'work.run': job(
    'desk.read',
    z.object({ steps: z.number().int() }),
    z.object({ step: z.number() }),
    z.object({ steps: z.number() }),
  ),
  'work.waits': job('desk.read', z.object({}), z.object({ step: z.number() }), z.object({})),
  'probe.state': query(
    'desk.read',
    z.object({}),
    z.object({
      emitted: z.number(),
      aborted: z.number(),
      values: z.number(),
      faults: z.array(z.object({ method: z.string(), correlationId: z.string() })),
    }),
  ),
} as const
export type SmallContract = typeof small

/** Neither a structured clone nor JSON takes it. */
const UNSENDABLE = { call: () => 1, big: 1n }

/** Everything but `rules.manage`. */
export const smallCaller: Caller = {
  id: 'test',
  name: 'Test',
  permissions: new Set(['desk.read', 'settings.manage'] as const),
}

export interface SmallEngine {
  readonly handlers: HandlersOf<SmallContract>
  log(entry: ServeLog): void
}

export function smallEngine(): SmallEngine {
  const seen = { emitted: 0, aborted: 0, values: 0 }
  const faults: { method: string; correlationId: string }[] = []
  const untilAborted = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        seen.aborted++
        resolve()
      }
      if (signal.aborted) end()
      else signal.addEventListener('abort', end)
    })
  return {
    log(entry) {
      if (entry.event === 'handler_fault') faults.push({ method: entry.method, correlationId: entry.correlationId })
    },
    handlers: {
      'echo.say': async ({ text, times }) => ok({ text: text.repeat(times) }),
      'echo.deep': async ({ list }) => ok({ sum: list.reduce((sum, { id }) => sum + id, 0) }),
      'echo.value': async ({ value }) => {
        seen.values++
        return ok({ value })
      },
      'echo.missing': async () => ({ ok: false, error: { code: 'not_found', message: 'No such thing.' } }),
      'echo.forbidden': async () => ok({}),
      'echo.throws': async () => {
        throw new Error('a mistake with /a/private/path in it')
      },
      'echo.unsendable': async () => ok({ value: UNSENDABLE }),
      'echo.waits': async (_, { signal }) => {
        await untilAborted(signal)
        return ok({})
      },
      'count.up': async ({ from, to }, emit, { signal }) => {
        signal.addEventListener('abort', () => seen.aborted++)
        for (let value = from; value < to; value++) {
          seen.emitted++
          await emit(value)
        }
        return ok(undefined)
      },
      'count.hurried': async ({ to }, emit, { signal }) => {
        for (let value = 0; value < to; value++) void emit(value)
        await untilAborted(signal)
        return ok(undefined)
      },
      'count.unsendable': async (_, emit) => {
        await emit(UNSENDABLE)
        return ok(undefined)
      },
      'work.run': async ({ steps }, emit) => {
        for (let step = 1; step <= steps; step++) {
          await emit({ step })
          if (step % 1000 === 0) await new Promise((done) => setImmediate(done))
        }
        return ok({ steps })
      },
      'work.waits': async (_, emit, { signal }) => {
        await emit({ step: 1 })
        await untilAborted(signal)
        return ok({})
      },
      'probe.state': async () => ok({ ...seen, faults }),
    },
  }
}
