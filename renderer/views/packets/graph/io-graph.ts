/** The I/O graph: bars of even slots of time as one path, ticks of the axis, and what a brush over slots means. */
import type { Span } from '../page-state.ts'

export interface Slots {
  /** Seconds since 1970, half-open. */
  readonly from: number
  readonly to: number
  readonly count: number
}

/** One path of bars for `counts`, in a field of `width` × `height` with the highest bar for `most`; what is not zero is seen. */
export function barsPath(counts: readonly number[], most: number, width: number, height: number): string {
  if (counts.length === 0 || most <= 0) return ''
  const step = width / counts.length
  const bar = Math.max(0.5, step - (step > 2.5 ? 1 : 0))
  return counts
    .map((count, slot) => {
      if (count <= 0) return ''
      const tall = Math.max(1, (Math.min(count, most) / most) * height)
      return `M${round(slot * step)} ${height}v${round(-tall)}h${round(bar)}v${round(tall)}z`
    })
    .join('')
}
const round = (value: number): number => Math.round(value * 100) / 100

export const slotAt = (x: number, width: number, count: number): number =>
  Math.max(0, Math.min(count - 1, Math.floor((x / Math.max(1, width)) * count)))

/** The span of two slots, whichever comes first. */
export function spanOf(a: number, b: number, { from, to, count }: Slots): { from: number; to: number } {
  const width = (to - from) / Math.max(1, count)
  return { from: micros(from + Math.min(a, b) * width), to: micros(from + (Math.max(a, b) + 1) * width) }
}
const micros = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

/** Share of the graph, 0 to 1, at which a moment lies. */
export const shareOf = (seconds: number, { from, to }: Slots): number => (to > from ? (seconds - from) / (to - from) : 0)

/** The part of the graph that a span covers, or null where it covers all or nothing of it. */
export function brushOf(span: Span, slots: Slots): { left: number; right: number } | null {
  if (span.from === null && span.to === null) return null
  const left = Math.max(0, shareOf(span.from ?? slots.from, slots))
  const right = Math.min(1, shareOf(span.to ?? slots.to, slots))
  return right > left ? { left, right } : null
}

const STEPS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000] // prettier-ignore

/** Moments for the axis, no more than `most`, at whole steps of the clock; `step` is seconds. */
export function ticksOf(from: number, to: number, most: number): { readonly step: number; readonly at: readonly number[] } {
  const span = to - from
  if (!(span > 0) || most < 1) return { step: 0, at: [] }
  const step = STEPS.find((one) => span / one <= most) ?? span
  const at: number[] = []
  for (let index = Math.ceil(from / step); index * step < to && at.length <= most; index++) at.push(index * step)
  return { step, at }
}

/** Pixels that a sign needs to be hit. */
const SIGN = 25

/** Signs at places (pixels): those that would lie on each other are one. In order of place. */
export function groupSigns<T>(
  signs: readonly { readonly at: number; readonly sign: T }[],
): readonly { readonly at: number; readonly signs: readonly T[] }[] {
  const groups: { at: number; signs: T[] }[] = []
  for (const { at, sign } of signs.toSorted((a, b) => a.at - b.at)) {
    const last = groups.at(-1)
    if (last && at - last.at < SIGN) last.signs.push(sign)
    else groups.push({ at, signs: [sign] })
  }
  return groups
}
