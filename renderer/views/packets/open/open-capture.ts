import { useCallback, useState } from 'react'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { navigate } from '../../../app/route.ts'
import { useCommand } from '../../../client/hooks.ts'
import { placeHash } from '../page-state.ts'

/** Opens files as one capture and goes there. */
export function useOpenCapture(): {
  open(paths: readonly string[]): void
  readonly running: boolean
  readonly error: WatchfloorError | null
} {
  const { run, running } = useCommand('captures.open')
  const [error, setError] = useState<WatchfloorError | null>(null)
  const open = useCallback(
    (paths: readonly string[]) => {
      if (paths.length === 0) return
      setError(null)
      void run({ paths: [...paths] }).then((opened) => {
        if (opened.ok) navigate(placeHash({ capture: opened.value.id }))
        else setError(opened.error)
      })
    },
    [run],
  )
  return { open, running, error }
}
