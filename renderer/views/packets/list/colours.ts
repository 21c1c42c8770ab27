/**
 * Colours of the rows' text. What is lost or late has the tone of lateness, what was refused or is broken that of a fault, control
 * packets without data are dim. Rules of the reader come first.
 */
import { z } from 'zod'
import type { PacketRow, PacketSign } from '../../../../shared/model/capture.ts'

export const TONES = ['fault', 'late', 'accent', 'bright', 'dim'] as const
export type Tone = (typeof TONES)[number]
export const RULE_KINDS = ['protocol', 'sign', 'address', 'text'] as const

/** The first rule that fits gives a row its tone. */
export const ColourRule = z.object({
  name: z.string().max(80),
  kind: z.enum(RULE_KINDS),
  /** A protocol, a sign's name, an address or the beginning of one that ends with `.` or `:`, a part of the info; case does not matter. */
  value: z.string().min(1).max(200),
  tone: z.enum(TONES),
  on: z.boolean(),
})
export type ColourRule = z.infer<typeof ColourRule>
export const MOST_RULES = 50
export const colourRulesOf = (stored: unknown): readonly ColourRule[] => {
  const parsed = z.array(ColourRule).max(MOST_RULES).safeParse(stored)
  return parsed.success ? parsed.data : []
}

const LATE: ReadonlySet<PacketSign> = new Set([
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'lost_segment',
  'acked_unseen',
  'duplicate_ack',
  'zero_window',
  'window_full',
])
const FAULT: ReadonlySet<PacketSign> = new Set(['reset', 'malformed'])

type Coloured = Pick<PacketRow, 'protocol' | 'signs' | 'source' | 'destination' | 'info'>

export function ruleFits({ kind, value }: ColourRule, row: Coloured): boolean {
  const wanted = value.toLowerCase()
  if (kind === 'protocol') return row.protocol.toLowerCase() === wanted
  if (kind === 'sign') return (row.signs as readonly string[]).includes(wanted)
  if (kind === 'text') return row.info.toLowerCase().includes(wanted)
  const fits = (address: string): boolean =>
    /[.:]$/.test(wanted) ? address.toLowerCase().startsWith(wanted) : address.toLowerCase() === wanted
  return fits(row.source) || fits(row.destination)
}

/** Null is the ordinary colour. */
export function toneOf(row: Coloured, rules: readonly ColourRule[]): Tone | null {
  for (const rule of rules) if (rule.on && ruleFits(rule, row)) return rule.tone
  if (row.signs.some((sign) => FAULT.has(sign))) return 'fault'
  if (row.signs.some((sign) => LATE.has(sign))) return 'late'
  return row.protocol === 'TCP' || row.protocol === 'ARP' ? 'dim' : null
}
