/** What is open in the shell. */
import { create } from 'zustand'

export const useShell = create<{
  readonly palette: boolean
  readonly sheet: boolean
  /** Why the engine does not talk to this screen (another build): only a reload helps. */
  readonly refused: string | null
}>(() => ({ palette: false, sheet: false, refused: null }))
