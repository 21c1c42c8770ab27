/** A filter over a capture: the view fills while it runs; what only the full dissection can decide is kept apart. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { checkFilter } from '../filter/check-filter.ts'
import type { DissectorFields } from '../filter/catalogue.ts'
import { FilterRun, MAYBE, YES } from '../filter/filter-run.ts'
import type { Answers, PacketVerdict } from '../filter/packet-verdict.ts'
import { CHUNK } from '../index/columns.ts'
import { countedField, type SlicePacket } from '../dissect/slice.ts'
import { packetsOfFewFlows } from './few-flows.ts'
import type { OpenCapture } from './open-capture.ts'
import { slicePacket } from './slices.ts'
import { View } from './view.ts'

export interface FilterAsked {
  readonly filter: string
  readonly span: { readonly from: number | null; readonly to: number | null }
  /** What the dissectors know of names that are no own fields. */
  readonly dissected: readonly { readonly name: string; readonly type: string; readonly title: string }[]
}
/** A part of the filter, as a filter of its own. */
export interface AskedPart {
  readonly id: number
  readonly text: string
  /** An own field: it is asked only because some packets cannot be read here. */
  readonly own: boolean
}
export interface FilterDone {
  readonly view: number
  readonly scanned: number
  readonly of: number
  readonly matched: number
  readonly how: 'index' | 'decode' | 'dissect'
  readonly took: number
  /** Packets that wait for the full dissection, and what it is to be asked about them. */
  readonly undecided: number
  readonly questions: readonly AskedPart[]
}
/** Packets for the dissectors: all of a stretch. */
export interface UndecidedStretch {
  readonly packets: SlicePacket[]
  /** How many of them are undecided. */
  readonly candidates: number
  /** The stretch ends with this packet (number from 1). */
  readonly last: number
}
export interface DecidedAsked {
  readonly view: number
  /** Of the stretch: packets behind `after`, up to `last`. */
  readonly after: number
  readonly last: number
  /** Numbers of the packets that each question lets through. */
  readonly answers: readonly { readonly id: number; readonly packets: Float64Array }[]
}

/** Milliseconds of work between two looks at what else there is to do. */
const SLICE = 15
/** Views whose undecided packets are kept. */
const MOST_WAITING = 16

interface Waiting {
  readonly undecided: View
  readonly verdict: PacketVerdict
  /** Something that is asked counts from the capture's first packet: the dissectors have to see it. */
  readonly fromFirst: boolean
}

export class FilterTask {
  readonly #capture: OpenCapture
  readonly #waiting = new Map<number, Waiting>()

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
      let looked = 0
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
          if ((++looked & 63) === 0 && !(await breathe(packet))) return cancelled
        }
        if (verdict === YES) view.add(packet)
        else if (verdict === MAYBE) undecided.add(packet)
      }
      if (!(await breathe(Math.min(of, (chunk + 1) * CHUNK)))) return cancelled
    }
    view.scanned = of
    const questions = run.packets.asked.map(({ id, question: { text, always } }) => ({ id, text, own: !always }))
    if (undecided.total > 0) {
      const fromFirst = questions.some(({ text }) => countedField(text) !== undefined)
      this.#waiting.set(view.id, { undecided, verdict: run.packets, fromFirst })
      const [oldest] = this.#waiting.keys()
      if (this.#waiting.size > MOST_WAITING) this.#waiting.delete(oldest!)
    }
    return ok({
      view: view.id,
      scanned: of,
      of,
      matched: view.total,
      how: undecided.total > 0 ? 'dissect' : run.read > 0 ? 'decode' : 'index',
      took: performance.now() - began,
      undecided: undecided.total,
      questions,
    })
  }

  /**
   * The stretch that begins with the first undecided packet behind `after` (number from 1), and somewhat before it, so that what
   * the dissectors carry over from packet to packet is there. Where all that are left are of few flows, these alone. Null at the end.
   */
  undecided(id: number, after: number, most: number): UndecidedStretch | null {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return null
    const { undecided, fromFirst } = waiting
    const [first] = undecided.packets(undecided.rank(after), 1)
    if (first === undefined) {
      this.#waiting.delete(id)
      return null
    }
    const { index } = this.#capture
    const { length } = index.columns
    // What one packet says of another: answers come later than what they answer.
    const around = Math.floor(most / 10)
    const [latest] = undecided.packets(undecided.total - 1, 1)
    const end = Math.min(length, (latest ?? length) + around)
    const few = fromFirst ? null : packetsOfFewFlows(index, inView(undecided, after), most, around)
    const narrow = few === null ? null : this.#packets(few)
    if (narrow !== null) return { packets: narrow, candidates: undecided.total - undecided.rank(after), last: length }
    const early = first < most / 2 || (fromFirst && first < most)
    const begin = this.#begin(first, after === 0 && early ? 0 : Math.max(0, first - around))
    const packets: SlicePacket[] = []
    let candidates = 0
    let bytes = 0
    let at = begin
    for (; at < end && (at <= first || (packets.length < most && bytes < MOST_SLICE_BYTES)); at++) {
      const packet = slicePacket(this.#capture, at)
      bytes += packet.bytes.length
      packets.push(packet)
      if (at >= after && undecided.has(at)) candidates++
    }
    return { packets, candidates, last: at }
  }

  /** Null where they are too large. */
  #packets(of: readonly number[]): SlicePacket[] | null {
    const packets: SlicePacket[] = []
    let bytes = 0
    for (const one of of) {
      const packet = slicePacket(this.#capture, one)
      bytes += packet.bytes.length
      if (bytes > MOST_SLICE_BYTES) return null
      packets.push(packet)
    }
    return packets
  }

  /** Packet with which a stretch begins: `wanted`, or later where what lies between is too large. */
  #begin(first: number, wanted: number): number {
    const { columns } = this.#capture.index
    let bytes = 0
    let begin = first
    for (; begin > wanted && bytes < MOST_SLICE_BYTES / 2; begin--)
      bytes += columns.chunk(Math.floor((begin - 1) / CHUNK)).captured[(begin - 1) % CHUNK]!
    return begin
  }

  /** What the full dissection says of a stretch: the filter of its undecided packets is decided with it. */
  async decided({ view: id, after, last, answers }: DecidedAsked, signal: AbortSignal): Promise<Result<{ matched: number }>> {
    const found = this.#capture.view(id)
    if (!found.ok) return found
    const view = found.value
    const waiting = this.#waiting.get(id)
    if (view === null || waiting === undefined)
      return fail({ code: 'not_found', message: `There is no view ${id}: filter again.` })
    const { undecided, verdict } = waiting
    const given: Answers = new Map(
      answers.map(({ id: question, packets }) => [question, new Set(packets.map((number) => number - 1))]),
    )
    let turn = performance.now()
    for (const packet of inView(undecided, after)) {
      if (packet >= last) break
      if (verdict.of(packet, given) === YES) view.add(packet)
      if (performance.now() - turn < SLICE) continue
      await new Promise((resolve) => setImmediate(resolve))
      if (signal.aborted) return cancelled
      turn = performance.now()
    }
    return ok({ matched: view.total })
  }
}

/** Packets (indexes from 0) of a view, from `from` on. */
function* inView(view: View, from: number): Generator<number> {
  for (let row = view.rank(from); row < view.total; row += 4096) yield* view.packets(row, 4096)
}

const MOST_SLICE_BYTES = 64 << 20
const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
