import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react'
import type { PacketRow } from '../../../shared/model/capture.ts'
import { useClient } from '../../client/hooks.ts'
import type { RowCache } from './list/row-cache.ts'
import type { ListHandle } from './list/PacketList.tsx'

export interface Cursor {
  /** Index of the selected row in the view. */
  readonly index: number | null
  /** Where the keys go on from: the selected row, or between the two where the packet would be. */
  readonly from: number
  /** The selected row, once it is loaded. */
  readonly row: PacketRow | null
  /** The selected packet; it stays while its row is not in the view. */
  readonly packet: number | null
  /** To a row. */
  to(index: number): void
  /** To a packet: its row in the view, or the next one after it. Gives whether it is in the view itself. */
  toPacket(packet: number): Promise<boolean>
}

interface CursorPlace {
  readonly of: RowCache
  readonly index: number
  /** False: the packet would be before this row. */
  readonly exact: boolean
}

/**
 * The selected row: an index in the view, and the packet that lies there. `first`: nothing else is asked for, so the first row is it.
 * `whole`: no more rows are being found.
 */
export function useCursor(
  capture: string,
  view: number | null,
  total: number,
  cache: RowCache,
  list: RefObject<ListHandle | null>,
  { first, whole }: { readonly first: boolean; readonly whole: boolean },
): Cursor {
  const client = useClient()
  const [place, setPlace] = useState<CursorPlace | null>(null)
  const [packet, setPacket] = useState<number | null>(null)
  // An index is one of the rows of its view.
  const own = place?.of === cache ? place : null
  const index = own?.exact ? own.index : null
  // Not every page that comes in concerns the selected row.
  const row = useSyncExternalStore(cache.subscribe, () => (index === null ? null : cache.row(index)))
  // A row that was gone to before it was loaded.
  if (row && row.number !== packet) setPacket(row.number)
  const latest = useRef({ total, packet })
  useEffect(() => {
    latest.current = { total, packet }
  })
  /** Only the answer to the newest question counts. */
  const asked = useRef(0)
  /** The packet that was gone to, while the rows that are shown have only its neighbour. */
  const meant = useRef<number | null>(null)
  const to = useCallback(
    (wanted: number) => {
      const { total: rows } = latest.current
      if (rows === 0) return
      asked.current++
      meant.current = null
      const at = Math.max(0, Math.min(rows - 1, wanted))
      setPlace({ of: cache, index: at, exact: true })
      list.current?.reveal(at)
      if (view === null) setPacket(at + 1)
    },
    [view, cache, list],
  )
  /** `near`: the row nearest to it is as good. */
  const locate = useCallback(
    async (wanted: number, near: boolean): Promise<boolean> => {
      const question = ++asked.current
      const found = await client.query('packets.place', { capture, view, packet: wanted })
      if (question !== asked.current || !found.ok) return false
      const { index: at, exact } = found.value
      meant.current = exact ? null : wanted
      const rows = latest.current.total
      if (!exact && near && rows > 0) setPlace({ of: cache, index: Math.min(at, rows - 1), exact: true })
      else setPlace({ of: cache, index: at, exact })
      list.current?.reveal(at, true)
      return exact
    },
    [client, capture, view, cache, list],
  )
  const toPacket = useCallback(
    (wanted: number) => {
      setPlace(null)
      setPacket(wanted)
      return locate(wanted, false)
    },
    [locate],
  )
  // Another view: the packet stays, its row is another. Where it has none, the nearest one takes its place.
  useEffect(() => {
    const selected = meant.current ?? latest.current.packet
    if (selected !== null) void locate(selected, true)
    else list.current?.reveal(0)
  }, [locate, list])
  // What was nearest among the rows found so far may not be so among all of them.
  useEffect(() => {
    if (whole && meant.current !== null) void locate(meant.current, true)
  }, [whole, locate])
  // As in Wireshark: fields and bytes are never empty without a reason.
  const none = first && packet === null && place === null && total > 0
  useEffect(() => {
    if (none) to(0)
  }, [none, to])
  return { index, from: index ?? (own ? own.index - 0.5 : -1), row, packet, to, toPacket }
}
