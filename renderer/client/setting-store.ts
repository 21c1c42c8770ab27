import { useCallback, useEffect } from 'react'
import { create } from 'zustand'
import { useClient, useClientState } from './hooks.ts'

/** Milliseconds after which a value is kept. */
const KEEP = 250

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * A small value that the engine keeps under a key, one for the window: it stays while another view is on screen. `parse` makes of what was
 * kept something that can be used. The hook gives the value, the function that changes it, and whether it is known what was kept.
 */
export function settingStore<T>(
  key: string,
  parse: (stored: unknown) => T,
  toJson: (value: T) => unknown = (value) => value,
): () => readonly [value: T, change: (next: T) => void, loaded: boolean] {
  const useStored = create<{ readonly value: T; readonly loaded: boolean }>(() => ({ value: parse(null), loaded: false }))
  let timer: ReturnType<typeof setTimeout> | undefined
  return function useSetting() {
    const client = useClient()
    const open = useClientState() === 'open'
    const { value, loaded } = useStored()
    useEffect(() => {
      if (!open || loaded) return
      void client.query('settings.get', { key }).then((found) => {
        // What was changed while the answer was on its way is newer.
        if (found.ok && !useStored.getState().loaded) useStored.setState({ value: parse(found.value.value), loaded: true })
      })
    }, [client, open, loaded])
    const change = useCallback(
      (next: T) => {
        useStored.setState({ value: next, loaded: true })
        // What is dragged or typed changes many times a second.
        clearTimeout(timer)
        timer = setTimeout(
          () => void client.command('settings.set', { key, value: structuredClone(toJson(next)) as Json as never }),
          KEEP,
        )
      },
      [client],
    )
    return [value, change, loaded]
  }
}
