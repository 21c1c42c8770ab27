import { useCallback, useEffect, useRef, useState } from 'react'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { navigate } from '../../../app/route.ts'
import { useCommand } from '../../../client/hooks.ts'
import { placeHash } from '../page-state.ts'

/** Opens files as one capture and goes there, unless others were asked for since, or the reader has left. */
export function useOpenCapture(): {
  /** With `replace` the place before is not kept in the history. */
  open(paths: readonly string[], replace?: boolean, packet?: number | null): void
  readonly running: boolean
  readonly error: WatchfloorError | null
} {
  const { run, running } = useCommand('captures.open')
  const [error, setError] = useState<WatchfloorError | null>(null)
  const asked = useRef(0)
  useEffect(() => () => void asked.current++, [])
  const open = useCallback(
    (paths: readonly string[], replace = false, packet: number | null = null) => {
      if (paths.length === 0) return
      setError(null)
      const mine = ++asked.current
      void run({ paths: [...paths] }).then((opened) => {
        if (mine !== asked.current) return
        if (opened.ok) navigate(placeHash({ capture: opened.value.id, packet }), replace)
        else setError(opened.error)
      })
    },
    [run],
  )
  return { open, running, error }
}
