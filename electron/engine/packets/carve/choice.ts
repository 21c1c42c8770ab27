/** Which packets of a capture are meant. */
import { ok, type Result } from '../../../../shared/model/result.ts'
import type { FilterTask } from '../bench/filter-task.ts'
import type { OpenCapture } from '../bench/open-capture.ts'
import { packetsOfFlow } from '../bench/packets-of-flow.ts'
import type { View } from '../bench/view.ts'
import { CHUNK } from '../index/columns.ts'

export interface Choice {
  /** A view that a filter has filled, or a filter that the index can answer. */
  readonly view: number | null
  readonly filter: string
  readonly flow: number | null
  /** Numbers from 1. */
  readonly packets: readonly number[] | null
  readonly span: { readonly from: number | null; readonly to: number | null }
}
export interface Chosen {
  readonly view: View | null
  /** Indexes from 0, ascending. */
  readonly packets: Iterable<number>
  readonly total: number | null
}

/** All conditions together. */
export async function chosenPackets(
  capture: OpenCapture,
  filters: FilterTask,
  choice: Choice,
  signal: AbortSignal,
): Promise<Result<Chosen>> {
  let view: View | null = null
  let id = choice.view
  if (id === null && choice.filter.trim() !== '') {
    const done = await filters.run({ filter: choice.filter, span: choice.span, dissected: [] }, () => undefined, signal)
    if (!done.ok) return done
    id = done.value.view
  }
  if (id !== null) {
    const found = capture.view(id)
    if (!found.ok) return found
    view = found.value
  }
  const { length } = capture.index.columns
  const base: Iterable<number> =
    choice.packets !== null
      ? [...new Set(choice.packets)]
          .filter((one) => one <= length)
          .map((one) => one - 1)
          .sort((a, b) => a - b)
      : choice.flow !== null
        ? packetsOfFlow(capture.index, choice.flow)
        : view !== null
          ? ofView(view)
          : upTo(length)
  const { from, to } = choice.span
  return ok({
    view,
    packets: from === null && to === null && view === null ? base : sifted(base, capture, view, from, to),
    total: choice.packets?.length ?? null,
  })
}

function* upTo(length: number): Generator<number> {
  for (let packet = 0; packet < length; packet++) yield packet
}
function* ofView(view: View): Generator<number> {
  for (let from = 0; from < view.total; from += 4096) yield* view.packets(from, 4096)
}
function* sifted(
  base: Iterable<number>,
  { index }: OpenCapture,
  view: View | null,
  from: number | null,
  to: number | null,
): Generator<number> {
  for (const packet of base) {
    if (view !== null && !view.has(packet)) continue
    if (from !== null || to !== null) {
      const chunk = index.columns.chunk(Math.floor(packet / CHUNK))
      const row = packet % CHUNK
      const time = chunk.seconds[row]! + chunk.nanos[row]! / 1e9
      if (!((from === null || time >= from) && (to === null || time < to))) continue
    }
    yield packet
  }
}

/** For the comment in the carved file. */
export function wordsFor({ filter, flow, packets, span }: Choice): string {
  const parts: string[] = []
  if (packets !== null)
    parts.push(packets.length <= 20 ? `numbers ${packets.join(', ')}` : `${packets.length} that were selected`)
  if (flow !== null) parts.push(`flow ${flow}`)
  if (filter.trim() !== '') parts.push(`display filter ${filter.trim()}`)
  if (span.from !== null) parts.push(`from ${span.from} s`)
  if (span.to !== null) parts.push(`before ${span.to} s`)
  return parts.length === 0 ? 'all' : parts.join(', ')
}
