/** Impact verification: whether what was tried worked, why, and the bytes that say so. */
import { z } from 'zod'
import { AlertId } from './alert.ts'
import { EventId } from './event.ts'
import { Impact } from './impact-result.ts'
import { IsoTime } from './time.ts'

export { IMPACTS, Impact, ImpactMark } from './impact-result.ts'

/** `answer` what the target replied · `target` what it is · `next` what happened afterwards · `others` what other sources say. */
export const TestFamily = z.enum(['answer', 'target', 'next', 'others'])
export type TestFamily = z.infer<typeof TestFamily>

/** The same sentence in both languages: kept as it was said, whatever becomes of the test that said it. Plain text. */
export const Bilingual = z.object({ en: z.string().min(1).max(4000), ko: z.string().min(1).max(4000) })
export type Bilingual = z.infer<typeof Bilingual>

/** What a statement rests on. */
export const Cite = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: EventId }),
  z.object({
    kind: z.literal('packet'),
    /** Path of the capture's first file. */
    capture: z.string().max(4096),
    /** From 1, as in the bench. */
    packet: z.number().int().min(1),
    /** First byte in the packet, and how many. */
    offset: z.number().int().min(0),
    length: z.number().int().min(0),
  }),
  z.object({ kind: z.literal('alert'), alert: AlertId }),
  /** A row of the inventory: the asset, and what of it: `services[2]`, `os`, `CVE-2021-44228`. */
  z.object({ kind: z.literal('asset'), asset: z.string().max(256), row: z.string().max(256) }),
])
export type Cite = z.infer<typeof Cite>

export const MOST_DECIDING = 256
/** The few bytes that decided, with some around them. */
export const DecidingBytes = z.object({
  cite: Cite,
  /** Name of the event's field, where they stand in one. */
  field: z.string().max(256).nullable(),
  /** At most 256 bytes. */
  base64: z.string().max(400),
  /** Of the first byte, in the packet, or in the field. */
  offset: z.number().int().min(0),
  /** Half-open span of those that decided, within these. */
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  /** Chunks were joined or compression undone: the cite names where the encoded bytes are. */
  decoded: z.boolean(),
})
export type DecidingBytes = z.infer<typeof DecidingBytes>

/** What one test says. */
export const ImpactFinding = z.object({
  /** Name of the test's file without its ending. */
  test: z.string().max(64),
  family: TestFamily,
  result: Impact,
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  reason: Bilingual,
  cites: z.array(Cite).max(32),
  bytes: DecidingBytes.nullable(),
})
export type ImpactFinding = z.infer<typeof ImpactFinding>

/** One run of all tests over an alert. Earlier ones are kept. */
export const Verification = z.object({
  alert: AlertId,
  /** From 1, by alert. */
  number: z.number().int().min(1),
  at: IsoTime,
  /** Who asked; `watchfloor` where nobody did. */
  by: z.string(),
  cause: z.enum(['raised', 'data', 'asked']),
  result: Impact,
  confidence: z.number().min(0).max(1),
  /** The sentence that decided; of `attempted` without findings, that nothing tells. */
  reason: Bilingual,
  /** The strongest first. */
  findings: z.array(ImpactFinding).max(64),
  /** Events, flows and packets that were looked at: what could not be seen is named. */
  looked: z.object({
    events: z.number().int(),
    exchanges: z.number().int(),
    /** Bytes of streams. */
    bytes: z.number().int(),
    /** False where the alert has more than was looked at: then nothing is said to have failed. */
    complete: z.boolean(),
  }),
})
export type Verification = z.infer<typeof Verification>
