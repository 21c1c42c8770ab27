import { useEffect, useState } from 'react'
import { useJob } from '../../client/hooks.ts'
import type { Run } from './search.ts'

export interface EventCount {
  readonly running: boolean
  readonly progress: { readonly scanned: number; readonly of: number } | null
  /** When it began (milliseconds). */
  readonly began: number
  /** Null until the search that is shown was counted. */
  readonly count: number | null
  begin(): void
  stop(): void
}

/** The exact count of a search, made when it is asked for; a count of another search says nothing here. */
export function useEventCount(run: Run | null): EventCount {
  const job = useJob('events.count')
  const [began, setBegan] = useState(0)
  const [countedFor, setCountedFor] = useState<object | null>(null)
  const { cancel } = job
  useEffect(() => cancel, [run, cancel])
  const begin = (): void => {
    if (!run) return
    setBegan(Date.now())
    setCountedFor(run)
    void job.run({ where: run.where, window: run.window })
  }
  const count = job.result?.ok && countedFor === run ? job.result.value.count : null
  return { running: job.running, progress: job.progress, began, count, begin, stop: cancel }
}
