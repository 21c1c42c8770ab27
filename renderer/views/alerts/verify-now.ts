/** Verifies the alert on screen, for `i`. */
import { create } from 'zustand'

export const useVerifyNow = create<{ readonly run: (() => void) | null }>(() => ({ run: null }))
