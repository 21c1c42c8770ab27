/** What is looked at in the open incident: one place for all panes, so that a step, its sentence and its edge are marked together. */
import { create } from 'zustand'
import type { Span } from './time/axis.ts'

export const TABS = ['desk', 'timeline', 'alerts', 'entities', 'evidence', 'playbook', 'notes', 'ledger'] as const
export type TabId = (typeof TABS)[number]

interface Looked {
  readonly number: string | null
  /** Entry of the timeline that the cursor is on. */
  readonly entry: string | null
  /** Step of the route. */
  readonly step: number | null
  readonly sentence: string | null
  readonly entity: string | null
  /** Alert under the cursor, and those that are marked. */
  readonly alert: string | null
  readonly marked: ReadonlySet<string>
  /** The window of the axis; null is how it opens. */
  readonly window: Span | 'all' | null
  /** Language of the sentences; null is that of the screen. */
  readonly language: 'en' | 'ko' | null
}
const NOTHING: Looked = {
  number: null,
  entry: null,
  step: null,
  sentence: null,
  entity: null,
  alert: null,
  marked: new Set(),
  window: null,
  language: null,
}

export const useLooked = create<Looked>(() => NOTHING)

/** Begins anew for another incident. */
export function lookAt(number: string): void {
  if (useLooked.getState().number !== number) useLooked.setState({ ...NOTHING, number, language: useLooked.getState().language })
}
