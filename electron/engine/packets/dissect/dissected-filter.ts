/** A filter over a capture: by the index, by reading packets, and what those cannot decide by the dissectors. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { CaptureThread } from '../bench/capture-thread.ts'
import { checkFilter } from '../filter/check-filter.ts'
import type { Dissector } from './dissector.ts'
import type { FieldNames } from './field-names.ts'

/** What a filter needs of the bench: a terminal has a capture without a thread. */
export interface FilterBench {
  thread(capture: string): Result<Pick<CaptureThread, 'call'>>
  readonly fieldNames: FieldNames
  readonly filterDissector: Dissector
}
export interface FilterInput {
  readonly capture: string
  readonly filter: string
  readonly span: { readonly from: number | null; readonly to: number | null }
}
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

export async function dissectedFilter(
  bench: FilterBench,
  { capture, filter, span }: FilterInput,
  progress: (value: FilterProgress) => void,
  signal: AbortSignal,
): Promise<Result<Filtered>> {
  const began = performance.now()
  const thread = bench.thread(capture)
  if (!thread.ok) return thread
  const checked = await checkFilter(filter, bench.fieldNames)
  if (!checked.ok) return checked
  const dissected = bench.fieldNames.known(checked.value.dissected)
  const done = await thread.value.call('filter', { filter, span, dissected }, signal, (value) =>
    progress(value as FilterProgress),
  )
  if (!done.ok) return done
  const { undecided, ...run } = done.value
  let matched = run.matched
  let decided = 0
  for (let after = 0; undecided > decided;) {
    if (signal.aborted) return cancelled
    const stretch = await thread.value.call('undecided', { view: run.view, after, most: STRETCH }, signal)
    if (!stretch.ok) return stretch
    if (stretch.value === null) break
    const { packets, candidates, last } = stretch.value
    const secrets = await thread.value.call('secrets', {}, signal)
    if (!secrets.ok) return secrets
    const answer = await bench.filterDissector.filter({ packets, secrets: secrets.value.secrets }, filter, {
      signal,
      progress: (share) => progress({ ...run, scanned: Math.round(share * candidates.length) + decided, of: undecided, matched }),
    })
    if (!answer.ok) {
      const { reason, message } = answer.error
      if (reason === 'cancelled') return cancelled
      return fail({ code: 'unsupported_format', message: `The full dissection of the packets failed: ${message}` })
    }
    const wanted = new Set(candidates)
    const added = await thread.value.call(
      'decided',
      { view: run.view, packets: [...answer.value].filter((one) => wanted.has(one)) },
      signal,
    )
    if (!added.ok) return added
    matched = added.value.matched
    decided += candidates.length
    after = last
    progress({ ...run, scanned: decided, of: undecided, matched })
  }
  return ok({ ...run, matched, took: performance.now() - began })
}

const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
