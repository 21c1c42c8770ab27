/** One clock for the window: everything that shows an age reads it, so all ages change together, once a second. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { livenessOf, useEngine, type Liveness } from './engine.ts'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

function tick(): void {
  now = Date.now()
  for (const listener of listeners) listener()
  timer = setTimeout(tick, 1000 - (now % 1000) + 5)
}
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) tick()
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearTimeout(timer)
  }
}

/** Milliseconds since 1970 on this machine; renders again every second. */
export const useNow = (): number =>
  useSyncExternalStore(
    subscribe,
    () => now,
    () => now,
  )

/** The same on the engine's clock: use it for ages of what the engine dated. */
export const useEngineNow = (): number => useNow() + useEngine((engine) => engine.skew)

/** The engine's clock as it was at the last step of so many milliseconds: renders again with each. Null stands still. */
export function useMoment(step: number | null): number {
  const [kept, setKept] = useState(() => ({ step, at: engineNow() }))
  if (kept.step !== step) setKept({ step, at: engineNow() })
  useEffect(() => {
    if (step === null) return
    const timer = setInterval(() => setKept({ step, at: engineNow() }), step)
    return () => clearInterval(timer)
  }, [step])
  return kept.at
}

/** The engine's clock now, outside of rendering. */
export const engineNow = (): number => Date.now() + useEngine.getState().skew

const subscribeBoth = (changed: () => void): (() => void) => {
  const offs = [subscribe(changed), useEngine.subscribe(changed)]
  return () => {
    for (const off of offs) off()
  }
}
const liveness = (): Liveness => livenessOf(useEngine.getState(), now)

/** Whether figures on screen are live; renders again only when that changes. */
export const useLiveness = (): Liveness => useSyncExternalStore(subscribeBoth, liveness, liveness)
