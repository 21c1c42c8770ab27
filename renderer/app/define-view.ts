/**
 * Views are found by folder: `views/<noun>/index.tsx` exports `view`, made with `defineView`. That file is loaded at the start and
 * must stay tiny: the view's component comes lazily with `lazy(() => import('./SomethingView.tsx'))`.
 * Its texts are `i18n/{en,ko}/<id>.json`, with at least `title` (rail, top bar, palette) and the labels of its shortcuts.
 */
import type { ComponentType, ReactNode } from 'react'
import type { ShortcutInfo } from '../keys/shortcut.ts'

export type { ShortcutInfo } from '../keys/shortcut.ts'

export interface ViewDefinition {
  /** Route and i18n namespace. */
  readonly id: string
  /** Paths for a 20 × 20 line icon. */
  readonly icon: ReactNode
  /** Place in the rail. */
  readonly order: number
  /** `foot` stands below the gap of the rail. */
  readonly place?: 'rail' | 'foot'
  /** Second letter after `g`. */
  readonly go: string
  readonly Component: ComponentType
  readonly shortcuts: readonly ShortcutInfo[]
}

export const defineView = (view: ViewDefinition): ViewDefinition => view
