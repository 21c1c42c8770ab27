/** Figures on the rail, by view: what waits there. A view sets its own. */
import { create } from 'zustand'

export const useBadges = create<{ readonly badges: Readonly<Record<string, number>>; set(view: string, count: number): void }>(
  (set) => ({
    badges: {},
    set: (view, count) => set(({ badges }) => (badges[view] === count ? {} : { badges: { ...badges, [view]: count } })),
  }),
)
