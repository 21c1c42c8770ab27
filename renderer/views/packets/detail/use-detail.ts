import { useEffect, useState } from 'react'
import type { PacketDetail } from '../../../../shared/model/capture.ts'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useClient, useClientState } from '../../../client/hooks.ts'
import { bytesOf } from './hex.ts'

export interface ByteSource {
  readonly name: string
  readonly bytes: Uint8Array
}
export interface DetailState {
  /** The packet that is shown; the one before stays until the bytes of the next are there. */
  readonly number: number | null
  readonly sources: readonly ByteSource[]
  /** Null until it is dissected. */
  readonly detail: PacketDetail | null
  readonly error: WatchfloorError | null
  readonly loading: boolean
}
const NOTHING: DetailState = { number: null, sources: [], detail: null, error: null, loading: false }
/** A key that is held down passes packets; only one that stays is dissected (milliseconds). */
const STAY = 50

/** Bytes of a packet at once, its tree when it is there. `turn` asks anew (keys have come). */
export function useDetail(capture: string, packet: number | null, turn: string): DetailState {
  const client = useClient()
  const open = useClientState() === 'open'
  const [state, setState] = useState<DetailState>(NOTHING)
  useEffect(() => {
    if (packet === null || !open) return
    const controller = new AbortController()
    const { signal } = controller
    void client.query('packets.bytes', { capture, packet }, { signal }).then((found) => {
      if (signal.aborted) return
      setState((before) =>
        before.number === packet && before.detail !== null
          ? before
          : found.ok
            ? {
                number: packet,
                sources: [{ name: '', bytes: bytesOf(found.value.bytes) }],
                detail: null,
                error: null,
                loading: true,
              }
            : { ...NOTHING, number: packet, error: found.error },
      )
    })
    const timer = setTimeout(() => {
      void client.query('packets.tree', { capture, packet }, { signal }).then((found) => {
        if (signal.aborted) return
        if (!found.ok) return setState((before) => ({ ...before, error: found.error, loading: false }))
        const sources = found.value.sources.map(({ name, bytes }) => ({ name, bytes: bytesOf(bytes) }))
        setState({ number: packet, sources, detail: found.value, error: null, loading: false })
      })
    }, STAY)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [client, open, capture, packet, turn])
  return packet === null ? NOTHING : state
}
