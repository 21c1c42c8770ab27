/** One line in the status bar about what was just done (or could not be). Never for what needs deciding. */
import { create } from 'zustand'

export interface Notice {
  readonly text: string
  readonly tone: 'info' | 'fault'
}
interface NoticeState {
  readonly notice: Notice | null
  say(text: string, tone?: Notice['tone']): void
}

const SHOWN_MS = 8000
let timer: ReturnType<typeof setTimeout> | undefined

export const useNotice = create<NoticeState>((set) => ({
  notice: null,
  say: (text, tone = 'info') => {
    clearTimeout(timer)
    set({ notice: { text, tone } })
    timer = setTimeout(() => set({ notice: null }), SHOWN_MS)
  },
}))
