/** What Electron's main process and the engine in its utility process say to each other, beside the contract. */
import { z } from 'zod'
import { WatchfloorError } from './model/result.ts'

/** Main → engine (or helper). `connect` and `process_started` carry a message port. */
export const EngineOrder = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connect') }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('process_started'), id: z.number().int() }),
  z.object({ type: z.literal('process_ended'), id: z.number().int(), code: z.number().int() }),
])
export type EngineOrder = z.infer<typeof EngineOrder>

/** Engine → main. */
export const EngineReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('up') }),
  /** It cannot run on this data folder; trying again would not help. */
  z.object({ type: z.literal('failed'), error: WatchfloorError }),
  /** Only the engine's own `*.process` entry points can be started. */
  z.object({ type: z.literal('start_process'), id: z.number().int(), entry: z.string().regex(/^[a-z]+(-[a-z]+)*\.process$/) }),
  z.object({ type: z.literal('kill_process'), id: z.number().int() }),
])
export type EngineReport = z.infer<typeof EngineReport>
