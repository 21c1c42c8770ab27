import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react'
import { useClient } from '../../client/hooks.ts'
import type { RowCache } from './list/row-cache.ts'
import type { ListHandle } from './list/PacketList.tsx'

export interface Cursor {
  /** Index of the selected row in the view. */
  readonly index: number | null
  /** The selected packet; it stays while its row is not in the view. */
  readonly packet: number | null
  /** To a row. */
  to(index: number): void
  /** To a packet: its row in the view, or the next one after it. Gives whether it is in the view itself. */
  toPacket(packet: number): Promise<boolean>
}

/** The selected row: an index in the view, and the packet that lies there. */
export function useCursor(
  capture: string,
  view: number | null,
  total: number,
  cache: RowCache,
  list: RefObject<ListHandle | null>,
): Cursor {
  const client = useClient()
  useSyncExternalStore(cache.subscribe, cache.version)
  const [place, setPlace] = useState<{ readonly of: RowCache; readonly index: number } | null>(null)
  const [packet, setPacket] = useState<number | null>(null)
  // An index is one of the rows of its view.
  const index = place?.of === cache ? place.index : null
  const row = index === null ? null : cache.row(index)
  // A row that was gone to before it was loaded.
  if (row && row.number !== packet) setPacket(row.number)
  const latest = useRef({ total, packet })
  useEffect(() => {
    latest.current = { total, packet }
  })
  /** Only the answer to the newest question counts. */
  const asked = useRef(0)
  const to = useCallback(
    (wanted: number) => {
      const { total: rows } = latest.current
      if (rows === 0) return
      asked.current++
      const at = Math.max(0, Math.min(rows - 1, wanted))
      setPlace({ of: cache, index: at })
      list.current?.reveal(at)
      if (view === null) setPacket(at + 1)
    },
    [view, cache, list],
  )
  const locate = useCallback(
    async (wanted: number): Promise<boolean> => {
      const question = ++asked.current
      const found = await client.query('packets.place', { capture, view, packet: wanted })
      if (question !== asked.current || !found.ok) return false
      setPlace(found.value.exact ? { of: cache, index: found.value.index } : null)
      list.current?.reveal(found.value.index, true)
      return found.value.exact
    },
    [client, capture, view, cache, list],
  )
  const toPacket = useCallback(
    (wanted: number) => {
      setPlace(null)
      setPacket(wanted)
      return locate(wanted)
    },
    [locate],
  )
  // Another view: the packet stays, its row is another.
  useEffect(() => {
    const { packet: selected } = latest.current
    if (selected !== null) void locate(selected)
    else list.current?.reveal(0)
  }, [locate, list])
  return { index, packet, to, toPacket }
}
