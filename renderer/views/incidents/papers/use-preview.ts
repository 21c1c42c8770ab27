/** The page of a report as it would be written, made anew when the choice changes. */
import { useEffect, useState } from 'react'
import type { ReportRedacted } from '../../../../shared/incident-report-contract.ts'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useClient } from '../../../client/hooks.ts'
import type { InputOf } from '../../../client/types.ts'

type Choice = InputOf<'incidents.reportPreview'>
export interface Preview {
  /** Null until it is there; `false` where it is too long to be shown. */
  readonly html: string | false | null
  readonly redacted: ReportRedacted | null
  readonly error: WatchfloorError | null
  readonly running: boolean
  /** Share that is done, 0 to 1. */
  readonly part: number
}
const NOTHING = { html: null, redacted: null, error: null, part: 0 } as const

/** A null choice makes nothing. The last page stays until the next is there. */
export function usePreview(choice: Choice | null, turn: number): Preview {
  const client = useClient()
  const key = choice === null ? null : JSON.stringify(choice)
  const [made, setMade] = useState<Omit<Preview, 'running'> & { readonly of: string | null }>({ ...NOTHING, of: null })
  const [part, setPart] = useState(0)
  const wanted = key === null ? null : `${turn} ${key}`
  useEffect(() => {
    if (wanted === null || key === null) return
    let over = false
    const job = client.job('incidents.reportPreview', JSON.parse(key) as Choice)
    job.onProgress((progress) => {
      if (!over) setPart(progress.part)
    })
    void job.done.then((result) => {
      if (over) return
      setPart(0)
      if (result.ok) setMade({ ...NOTHING, html: result.value.html ?? false, redacted: result.value.redacted, of: wanted })
      else setMade({ ...NOTHING, error: result.error, of: wanted })
    })
    return () => {
      over = true
      job.cancel()
    }
  }, [client, key, wanted])
  return { ...made, part, running: wanted !== null && made.of !== wanted }
}

/**
 * Places within the page cannot be gone to where it has no address of its own: there a click would leave it. The written file has its
 * links. In texts a quotation mark is always a reference, so this is found in tags only.
 */
export const withoutLinks = (html: string): string => html.replace(/ href="#[a-z][a-z0-9_]{0,39}"/g, '')
