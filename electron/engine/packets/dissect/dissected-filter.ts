/**
 * A filter over a capture: by the index, by reading packets, and what those cannot decide by the dissectors. They are asked about
 * those parts of the filter alone that are theirs, over a stretch of packets at a time; the capture's thread puts the answers
 * together.
 */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { CaptureThread } from '../bench/capture-thread.ts'
import type { DecidedAsked, FilterDone } from '../bench/filter-task.ts'
import { checkFilter } from '../filter/check-filter.ts'
import type { Dissector } from './dissector.ts'
import type { FieldNames } from './field-names.ts'
import type { PacketSlice } from './slice.ts'

/** What a filter needs of the bench: a terminal has a capture without a thread. */
export interface FilterBench {
  thread(capture: string): Result<Pick<CaptureThread, 'call'>>
  readonly fieldNames: Pick<FieldNames, 'find' | 'like' | 'known'>
  readonly filterDissector: Pick<Dissector, 'filter'>
}
export interface FilterInput {
  readonly capture: string
  readonly filter: string
  readonly span: { readonly from: number | null; readonly to: number | null }
}
/** `scanned` of `of` never falls; where the dissectors take part, most of the way is theirs. */
export interface FilterProgress {
  readonly view: number
  readonly scanned: number
  readonly of: number
  readonly matched: number
}
export interface Filtered extends FilterProgress {
  readonly how: 'index' | 'decode' | 'dissect'
  readonly took: number
}

/** Packets that the dissectors get at once: what is carried over between packets further apart is lost. */
const STRETCH = 50_000
/** Share of the way before the dissectors are asked, of a filter that needs them. */
const BEFORE = 0.1

type Answers = DecidedAsked['answers']

export async function dissectedFilter(
  bench: FilterBench,
  { capture, filter, span }: FilterInput,
  progress: (value: FilterProgress) => void,
  signal: AbortSignal,
  most = STRETCH,
): Promise<Result<Filtered>> {
  const began = performance.now()
  const found = bench.thread(capture)
  if (!found.ok) return found
  const thread = found.value
  const checked = await checkFilter(filter, bench.fieldNames)
  if (!checked.ok) return checked
  const dissected = bench.fieldNames.known(checked.value.dissected)
  const share = checked.value.how === 'dissect' ? BEFORE : 1
  let furthest = 0
  const tell = (value: FilterProgress): void => {
    furthest = Math.max(furthest, Math.min(value.of, Math.round(value.scanned)))
    progress({ view: value.view, scanned: furthest, of: value.of, matched: value.matched })
  }
  const done = await thread.call('filter', { filter, span, dissected }, signal, (value) => {
    const { scanned, ...rest } = value as FilterProgress
    tell({ ...rest, scanned: scanned * share })
  })
  if (!done.ok) return done
  const { undecided, questions, ...run } = done.value
  let { matched } = run
  if (undecided > 0) {
    const secrets = await thread.call('secrets', {}, signal)
    if (!secrets.ok) return secrets
    let decided = 0
    for (let after = 0; decided < undecided;) {
      if (signal.aborted) return cancelled
      const stretch = await thread.call('undecided', { view: run.view, after, most }, signal)
      if (!stretch.ok) return stretch
      if (stretch.value === null) break
      const { packets, candidates, last } = stretch.value
      const slice = { packets, secrets: secrets.value.secrets }
      const answers = await answersOf(bench.filterDissector, slice, questions, signal, (part) => {
        const way = share + (1 - share) * ((decided + part * candidates) / undecided)
        tell({ ...run, scanned: way * run.of, matched })
      })
      if (!answers.ok) return answers
      const added = await thread.call('decided', { view: run.view, after, last, answers: answers.value }, signal)
      if (!added.ok) return added
      matched = added.value.matched
      decided += candidates
      after = last
      tell({ ...run, scanned: (share + (1 - share) * (decided / undecided)) * run.of, matched })
    }
  }
  return ok({ ...run, matched, took: performance.now() - began })
}

/** What the dissectors say of a stretch: each question one after the other, over one slice that they read once. */
async function answersOf(
  dissector: FilterBench['filterDissector'],
  slice: PacketSlice,
  questions: FilterDone['questions'],
  signal: AbortSignal,
  progress: (part: number) => void,
): Promise<Result<Answers>> {
  const answers: Answers[number][] = []
  for (const { id, text, own } of questions) {
    const answer = await dissector.filter(slice, text, {
      signal,
      progress: (part) => progress((answers.length + part) / questions.length),
    })
    if (answer.ok) answers.push({ id, packets: answer.value })
    else if (answer.error.reason === 'cancelled') return cancelled
    // A few packets that cannot be read here need not fail the filter of all the others.
    else if (answer.error.reason === 'refused' && own) answers.push({ id, packets: new Float64Array() })
    else return fail({ code: 'unsupported_format', message: failure(text, answer.error) })
  }
  return ok(answers)
}

const failure = (text: string, { reason, message }: { readonly reason: string; readonly message: string }): string =>
  reason === 'refused'
    ? `The full dissection cannot answer “${text}”: ${message}.`
    : `The full dissection of the packets failed: ${message}.`

const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
