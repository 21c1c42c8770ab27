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
  const version = useSyncExternalStore(cache.subscribe, cache.version)
  const [index, setIndex] = useState<number | null>(null)
  const [packet, setPacket] = useState<number | null>(null)
  const latest = useRef({ total, packet })
  useEffect(() => {
    latest.current = { total, packet }
  })
  /** Only the answer to the newest question counts. */
  const asked = useRef(0)
  const to = useCallback(
    (wanted: number) => {
      if (latest.current.total === 0) return
      asked.current++
      const at = Math.max(0, Math.min(latest.current.total - 1, wanted))
      setIndex(at)
      list.current?.reveal(at)
      const number = view === null ? at + 1 : cache.row(at)?.number
      if (number !== undefined) setPacket(number)
    },
    [view, cache, list],
  )
  const locate = useCallback(
    async (wanted: number, middle: boolean): Promise<boolean> => {
      const question = ++asked.current
      const found = await client.query('packets.place', { capture, view, packet: wanted })
      if (question !== asked.current || !found.ok) return false
      setIndex(found.value.exact ? found.value.index : null)
      list.current?.reveal(found.value.index, middle)
      return found.value.exact
    },
    [client, capture, view, list],
  )
  const toPacket = useCallback(
    (wanted: number) => {
      setPacket(wanted)
      return locate(wanted, true)
    },
    [locate],
  )
  // Another view: the packet stays, its row is another.
  useEffect(() => {
    setIndex(null)
    const { packet: selected } = latest.current
    if (selected !== null) void locate(selected, true)
    else list.current?.reveal(0)
  }, [locate, list])
  // A row that was gone to before it was loaded.
  useEffect(() => {
    if (index === null) return
    const row = cache.row(index)
    if (row && view !== null) setPacket(row.number)
  }, [version, index, cache, view])
  return { index, packet, to, toPacket }
}
