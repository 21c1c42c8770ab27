/** What the engine says of itself, always visible: one stream for the whole window. */
import { create } from 'zustand'
import type { EngineStatus, WatchfloorContract } from '../../shared/contract.ts'
import type { ClientOf, ClientState } from '../../shared/rpc/kinds.ts'

export interface EngineView {
  readonly connection: ClientState
  /** The last status, kept when the engine goes. */
  readonly status: EngineStatus | null
  /** When it came, on this machine's clock (milliseconds); 0 before the first. */
  readonly heard: number
  /** The engine's clock minus this machine's, in milliseconds. */
  readonly skew: number
}

export const useEngine = create<EngineView>(() => ({ connection: 'connecting', status: null, heard: 0, skew: 0 }))

/** Silence after which figures are stale, in milliseconds: the engine speaks every second. */
export const SILENCE_MS = 4000

/**
 * `starting` nothing heard yet · `live` · `silent` connected, yet nothing heard for {@link SILENCE_MS} · `gone` the connection is
 * lost. Figures are live only in `live`.
 */
export type Liveness = 'starting' | 'live' | 'silent' | 'gone'
export function livenessOf({ connection, heard, status }: EngineView, now: number): Liveness {
  if (connection === 'gone' || connection === 'closed') return 'gone'
  if (!status) return 'starting'
  if (connection === 'connecting') return 'gone'
  return now - heard > SILENCE_MS ? 'silent' : 'live'
}

/** Follows the engine; gives the function that stops it. */
export function followEngine(client: ClientOf<WatchfloorContract>): () => void {
  useEngine.setState({ connection: client.state })
  const off = client.onState((connection) => useEngine.setState({ connection }))
  const subscription = client.stream(
    'engine.watch',
    {},
    {
      next: (status) => useEngine.setState({ status, heard: Date.now(), skew: Date.parse(status.now) - Date.now() }),
    },
  )
  return () => {
    off()
    subscription.cancel()
  }
}
