/** Which rows are on screen. Apart from the rest of the queue: it changes with every row that comes, and one line shows it. */
import { create } from 'zustand'

/** From 0; `last` is −1 where there is no row. */
export const useShownRange = create<{ readonly first: number; readonly last: number }>(() => ({ first: 0, last: -1 }))
