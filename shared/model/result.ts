/**
 * Errors as values. Everything that can be expected to fail returns a `Result`; only bugs throw.
 */
import { z } from 'zod'

/** Every error that can cross the contract. `code` decides what the screen does; `message` is English for logs and the terminal. */
export const WatchfloorError = z.discriminatedUnion('code', [
  z.object({ code: z.literal('invalid_input'), message: z.string(), path: z.string().optional() }),
  z.object({ code: z.literal('not_found'), message: z.string() }),
  z.object({ code: z.literal('conflict'), message: z.string() }),
  z.object({ code: z.literal('cancelled'), message: z.string() }),
  z.object({ code: z.literal('forbidden'), message: z.string(), permission: z.string() }),
  z.object({
    code: z.literal('query_syntax'),
    message: z.string(),
    /** 0-based offset in UTF-16 units of the first wrong character, and the length of the wrong word. */
    offset: z.number().int(),
    length: z.number().int(),
    /** i18n key below `query.errors`, with its values. */
    key: z.string(),
    values: z.record(z.string(), z.string()).default({}),
    suggestions: z.array(z.string()).default([]),
  }),
  z.object({
    code: z.literal('rule_syntax'),
    message: z.string(),
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
  }),
  z.object({ code: z.literal('unsupported_format'), message: z.string() }),
  z.object({ code: z.literal('store_busy'), message: z.string() }),
  z.object({ code: z.literal('disk_full'), message: z.string() }),
  z.object({ code: z.literal('data_newer'), message: z.string() }),
  z.object({ code: z.literal('data_in_use'), message: z.string() }),
  z.object({ code: z.literal('engine_gone'), message: z.string() }),
  z.object({ code: z.literal('internal'), message: z.string(), correlationId: z.string() }),
])
export type WatchfloorError = z.infer<typeof WatchfloorError>
export type ErrorCode = WatchfloorError['code']

export type Result<T, E = WatchfloorError> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })
export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error })
