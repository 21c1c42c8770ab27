/** Commands of the palette. A view may offer its own while it is on screen with `useCommands`. */
import { useEffect } from 'react'
import { create } from 'zustand'

export interface Command {
  readonly id: string
  /** Already translated. */
  readonly label: string
  /** Where it belongs, shown on the right. */
  readonly place: string
  readonly keys?: string
  run(): void
}

export const useCommandList = create<{ readonly lists: Readonly<Record<string, readonly Command[]>> }>(() => ({ lists: {} }))

/** Offers commands while the component is there. Keep the array stable (`useMemo`). */
export function useCommands(owner: string, commands: readonly Command[]): void {
  useEffect(() => {
    useCommandList.setState(({ lists }) => ({ lists: { ...lists, [owner]: commands } }))
    return () => useCommandList.setState(({ lists }) => ({ lists: { ...lists, [owner]: [] } }))
  }, [owner, commands])
}

/**
 * Score of a text for what was typed: every typed word must occur (in any order), at the start of a word counts more, so does
 * the start of the text. 0 where it does not fit; anything fits nothing typed.
 */
export function scoreOf(text: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const lower = text.toLowerCase()
  let score = 1
  for (const word of words) {
    const at = lower.indexOf(word)
    if (at < 0) return 0
    score += at === 0 ? 4 : /[\s:·,(]/.test(lower[at - 1] ?? '') ? 3 : 1
  }
  return score
}
