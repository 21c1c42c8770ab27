import { useCallback, useEffect, useRef, type RefObject } from 'react'
import { navigate, parseRoute } from '../../app/route.ts'
import { placeHash, placeOf, type Place } from './page-state.ts'

/**
 * The place of the address, the newest at any time, and the way to another: what is not named stays as the address has it, which may be
 * newer than what was drawn last. What is only noted (`replace`) of a capture that the address has left is not.
 */
export function usePlace(place: Place): {
  readonly latest: RefObject<Place>
  go(change: Partial<Place>, replace?: boolean): void
} {
  const latest = useRef(place)
  useEffect(() => {
    latest.current = place
  }, [place])
  const go = useCallback((change: Partial<Place>, replace = false) => {
    const { view, params } = parseRoute(window.location.hash)
    const here = view === 'packets' ? placeOf(params) : null
    const { capture } = latest.current
    if (replace && (here === null || (here.capture !== null && here.capture !== capture))) return
    latest.current = { ...(here?.capture === capture ? here : latest.current), ...change }
    navigate(placeHash(latest.current), replace)
  }, [])
  return { latest, go }
}

/** Milliseconds that a packet must stay selected before the address names it. */
const STAY = 120

/** The selected packet and the one of the address follow each other. */
export function useFollowedPacket(
  wanted: number | null,
  selected: number | null,
  toPacket: (packet: number) => Promise<boolean>,
  go: (change: Partial<Place>, replace?: boolean) => void,
): void {
  const written = useRef<number | null>(null)
  useEffect(() => {
    if (wanted === null || wanted === written.current) return
    written.current = wanted
    void toPacket(wanted)
  }, [wanted, toPacket])
  useEffect(() => {
    if (selected === null || selected === written.current) return
    const timer = setTimeout(() => {
      written.current = selected
      go({ packet: selected }, true)
    }, STAY)
    return () => clearTimeout(timer)
  }, [selected, go])
}
