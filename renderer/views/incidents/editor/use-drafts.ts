/**
 * What is being written and is not saved yet, kept by the engine shortly after it was typed, so that a crash costs nothing. One value for
 * each place where something is written.
 */
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { z } from 'zod'
import { useClient, useQuery } from '../../../client/hooks.ts'

const Kept = z.record(z.string(), z.record(z.string(), z.json()))
export type DraftValue = z.infer<typeof Kept>[string]

export interface Drafts {
  /** False until it is known what was kept. */
  readonly ready: boolean
  /** When what was found had been kept. */
  readonly at: string | null
  get(place: string): DraftValue | null
  /** Null where there is nothing more to keep. */
  keep(place: string, value: DraftValue | null): void
}

/** How long after the last key, in milliseconds. */
const AFTER = 600

export function useDrafts(number: string): Drafts {
  const client = useClient()
  const { value, error } = useQuery('incidents.draft', { number })
  const found = useMemo(() => Kept.safeParse(value?.draft).data ?? {}, [value])
  /** What was typed or thrown away here since. */
  const changes = useRef(new Map<string, DraftValue | null>())
  /** Those of them that are not on their way yet. */
  const unsent = useRef(new Map<string, DraftValue | null>())
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const ready = value !== null || error !== null
  const send = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = undefined
    const some = unsent.current
    unsent.current = new Map()
    // Only what was changed here: another window may be writing elsewhere.
    void client.command('incidents.keepDraft', { number, changes: Object.fromEntries(some) }).then((kept) => {
      // What could not be kept goes with what is written next.
      if (!kept.ok) unsent.current = new Map([...some, ...unsent.current])
    })
  }, [client, number])
  useEffect(() => {
    const leave = (): void => {
      if (timer.current !== undefined) send()
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [send])
  return useMemo(
    () => ({
      ready,
      at: value?.at ?? null,
      get: (place) => changes.current.get(place) ?? (changes.current.has(place) ? null : (found[place] ?? null)),
      keep: (place, draft) => {
        if (draft === null && !changes.current.get(place) && (changes.current.has(place) || !Object.hasOwn(found, place))) return
        changes.current.set(place, draft)
        unsent.current.set(place, draft)
        clearTimeout(timer.current)
        timer.current = setTimeout(send, AFTER)
      },
    }),
    [ready, value, found, send],
  )
}
