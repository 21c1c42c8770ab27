/** A filter over a capture: the view fills while it runs; what only the full dissection can decide is kept apart. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { checkFilter } from '../filter/check-filter.ts'
import type { DissectorFields } from '../filter/catalogue.ts'
import { FilterRun, MAYBE, YES } from '../filter/filter-run.ts'
import { CHUNK } from '../index/columns.ts'
import type { SlicePacket } from '../dissect/slice.ts'
import type { OpenCapture } from './open-capture.ts'
import { slicePacket } from './slices.ts'
import { View } from './view.ts'

export interface FilterAsked {
  readonly filter: string
  readonly span: { readonly from: number | null; readonly to: number | null }
  /** What the dissectors know of names that are no own fields. */
  readonly dissected: readonly { readonly name: string; readonly type: string; readonly title: string }[]
}
export interface FilterDone {
  readonly view: number
  readonly scanned: number
  readonly of: number
  readonly matched: number
  readonly how: 'index' | 'decode' | 'dissect'
  readonly took: number
  /** Packets that wait for the full dissection. */
  readonly undecided: number
}

/** Milliseconds of work between two looks at what else there is to do. */
const SLICE = 15

export class FilterTask {
  readonly #capture: OpenCapture
  readonly #undecided = new Map<number, View>()

  constructor(capture: OpenCapture) {
    this.#capture = capture
  }

  async run(asked: FilterAsked, progress: (value: unknown) => void, signal: AbortSignal): Promise<Result<FilterDone>> {
    const began = performance.now()
    const known = new Map(asked.dissected.map((field) => [field.name, field]))
    const fields: DissectorFields = {
      find: (name) => Promise.resolve(known.get(name) ?? null),
      like: () => Promise.resolve([]),
    }
    const checked = await checkFilter(asked.filter, fields)
    if (!checked.ok) return checked
    const capture = this.#capture
    const { columns } = capture.index
    const view = capture.newView(asked.filter)
    const undecided = new View(view.id, asked.filter)
    const run = new FilterRun(checked.value, capture.index, (packet) => capture.bytes.read(packet))
    const { from, to } = asked.span
    const bounded = from !== null || to !== null
    const of = columns.length
    let turn = performance.now()
    const breathe = async (scanned: number): Promise<boolean> => {
      if (performance.now() - turn < SLICE) return true
      view.scanned = scanned
      progress({ view: view.id, scanned, of, matched: view.total })
      await new Promise((resolve) => setImmediate(resolve))
      turn = performance.now()
      return !signal.aborted
    }
    for (let chunk = 0; chunk < columns.chunks; chunk++) {
      const seconds = bounded ? columns.column(chunk, 'seconds').slice() : null
      const nanos = bounded ? columns.column(chunk, 'nanos').slice() : null
      // Of a chunk that is being written meanwhile only what was there at the beginning.
      const verdicts = run.chunk(chunk).slice()
      const length = Math.min(verdicts.length, of - chunk * CHUNK)
      for (let row = 0; row < length; row++) {
        let verdict = verdicts[row]!
        if (verdict === 0) continue
        if (seconds !== null && nanos !== null) {
          const time = seconds[row]! + nanos[row]! / 1e9
          if (!((from === null || time >= from) && (to === null || time < to))) continue
        }
        const packet = chunk * CHUNK + row
        if (verdict === MAYBE) {
          verdict = run.packet(packet)
          if ((run.read & 63) === 0 && !(await breathe(packet))) return cancelled
        }
        if (verdict === YES) view.add(packet)
        else if (verdict === MAYBE) undecided.add(packet)
      }
      if (!(await breathe(Math.min(of, (chunk + 1) * CHUNK)))) return cancelled
    }
    view.scanned = of
    this.#undecided.set(view.id, undecided)
    if (this.#undecided.size > 16) {
      const [oldest] = this.#undecided.keys()
      this.#undecided.delete(oldest!)
    }
    return ok({
      view: view.id,
      scanned: of,
      of,
      matched: view.total,
      how: undecided.total > 0 ? 'dissect' : run.read > 0 ? 'decode' : 'index',
      took: performance.now() - began,
      undecided: undecided.total,
    })
  }

  /**
   * Packets for the dissectors: all of a stretch that begins with the first undecided packet behind `after` (number from 1), so that
   * what they carry over from packet to packet is there; and which of them are undecided.
   */
  undecided(id: number, after: number, most: number): { packets: SlicePacket[]; candidates: number[]; last: number } | null {
    const undecided = this.#undecided.get(id)
    if (undecided === undefined) return null
    const [first] = undecided.packets(undecided.rank(after), 1)
    if (first === undefined) return null
    const { length } = this.#capture.index.columns
    // Something of what came before is needed too.
    const begin = after === 0 && first < most / 2 ? 0 : Math.max(0, first - Math.floor(most / 10))
    const packets: SlicePacket[] = []
    const candidates: number[] = []
    let bytes = 0
    let at = begin
    for (; at < length && packets.length < most && bytes < MOST_SLICE_BYTES; at++) {
      const packet = slicePacket(this.#capture, at)
      bytes += packet.bytes.length
      packets.push(packet)
      if (at >= after && undecided.has(at)) candidates.push(at + 1)
    }
    return { packets, candidates, last: at }
  }

  decided(id: number, packets: readonly number[]): Result<{ matched: number }> {
    const view = this.#capture.view(id)
    if (!view.ok) return view
    for (const packet of packets) view.value?.add(packet - 1)
    return ok({ matched: view.value?.total ?? 0 })
  }
}

const MOST_SLICE_BYTES = 64 << 20
const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
