/** What the launcher and the engine in the browser host say to each other, over the child process's channel. */
import { z } from 'zod'
import { WatchfloorError } from './model/result.ts'

/** Launcher → engine. */
export const LoopbackOrder = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop') }),
  /** A link that works once, for a command line that others on this machine can read. */
  z.object({ type: z.literal('invite') }),
])
export type LoopbackOrder = z.infer<typeof LoopbackOrder>

/** Engine → launcher. */
export const LoopbackReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('up'), url: z.string(), port: z.number().int() }),
  z.object({ type: z.literal('failed'), error: WatchfloorError }),
  z.object({ type: z.literal('invitation'), url: z.string() }),
])
export type LoopbackReport = z.infer<typeof LoopbackReport>
