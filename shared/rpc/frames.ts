/**
 * The frames of the contract's wire, and the border every incoming one passes. A frame that does not fit ends its connection
 * with a reason; it never reaches a handler.
 */
import { z } from 'zod'
import { WatchfloorError } from '../model/result.ts'

/** Bounds of one connection. Sizes are characters of JSON, near enough to bytes. */
export interface Limits {
  /** Largest frame the engine takes from a client. */
  readonly frame: number
  /** Deepest nesting of an input. */
  readonly depth: number
  /** Calls of one connection that run at once; the client queues what is beyond. */
  readonly calls: number
  /** Values a handler may emit without awaiting before its call is ended as faulty. */
  readonly unawaited: number
}
export const LIMITS: Limits = { frame: 8 * 1024 * 1024, depth: 64, calls: 256, unawaited: 256 }

const Id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const Credit = z.number().int().min(1).max(1024)

/** What a client may send. `hello` comes first and once. */
export const ClientFrame = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('hello'), contractHash: z.string().max(64) }),
  z.strictObject({ t: z.literal('req'), id: Id, method: z.string().max(128), input: z.unknown(), credit: Credit }),
  z.strictObject({ t: z.literal('cancel'), id: Id }),
  z.strictObject({ t: z.literal('credit'), id: Id, n: Credit }),
])
export type ClientFrame = z.infer<typeof ClientFrame>

/** What the engine sends. A `fail` with id 0 is about the connection itself, which then ends. */
export const EngineFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello'), contractHash: z.string(), calls: z.number().int() }),
  z.object({ t: z.literal('next'), id: Id, value: z.unknown() }),
  z.object({ t: z.literal('progress'), id: Id, value: z.unknown() }),
  z.object({ t: z.literal('done'), id: Id, value: z.unknown().optional() }),
  z.object({ t: z.literal('fail'), id: z.number().int().min(0), error: WatchfloorError }),
])
export type EngineFrame = z.infer<typeof EngineFrame>

/**
 * Why a message is not acceptable data, or null: only JSON types, own `__proto__` nowhere, neither too large nor too deep.
 * Stops at the bound, so a hostile message costs no more than the bound.
 */
export function problemOf(message: unknown, limits: Limits): string | null {
  let left = limits.frame
  const values: unknown[] = [message]
  const depths: number[] = [0]
  while (values.length > 0) {
    const value = values.pop()
    const depth = depths.pop() ?? 0
    if (typeof value === 'string') left -= value.length + 2
    else if (value === null || typeof value === 'boolean' || value === undefined) left -= 4
    else if (typeof value === 'number') left -= 8
    else if (typeof value !== 'object') return `a ${typeof value} is not JSON data`
    else {
      if (depth >= limits.depth) return `nested deeper than ${limits.depth}`
      left -= 2
      if (Array.isArray(value)) {
        if (value.length > left) return `larger than ${limits.frame} bytes`
        for (const item of value) {
          values.push(item)
          depths.push(depth + 1)
        }
      } else {
        const prototype: unknown = Object.getPrototypeOf(value)
        // Data of another realm has another Object.prototype; what both share is that nothing is above it.
        if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return 'an object that is not JSON data'
        for (const key of Object.keys(value)) {
          if (key === '__proto__') return 'a key named __proto__'
          left -= key.length + 3
          if (left < 0) break
          values.push((value as Record<string, unknown>)[key])
          depths.push(depth + 1)
        }
      }
    }
    if (left < 0) return `larger than ${limits.frame} bytes`
  }
  return null
}
