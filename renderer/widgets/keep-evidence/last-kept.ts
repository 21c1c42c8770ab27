/** The incident that something was kept in last: what comes next mostly belongs there too. */
import { create } from 'zustand'

export const useLastKept = create<{ readonly number: string | null }>(() => ({ number: null }))
