/**
 * Views are found by folder: `views/<noun>/index.tsx` exports `view`, made with `defineView`. That file is loaded at the start and
 * must stay tiny: the view's component comes lazily with `lazy(() => import('./SomethingView.tsx'))`.
 * Its texts are `i18n/{en,ko}/<id>.json`, with at least `title` (rail, top bar, palette) and the labels of its shortcuts.
 */
import type { ComponentType, ReactNode } from 'react'

export interface ShortcutInfo {
  /** Unique within the view; bound to an action with `useKeys`. */
  readonly id: string
  /** Alternatives: `['j', 'ArrowDown']`; see `keys.ts` for the spelling. */
  readonly keys: readonly string[]
  /** i18n key of the label, in the view's namespace or `ns:key`. */
  readonly label: string
  /** Shown in the status bar, in this order; `keys` and `label` where the hint stands for several (`j` `k` move). */
  readonly hint?: boolean | { readonly keys: readonly string[]; readonly label: string }
  /** Heading in the shortcuts sheet, an i18n key; default `common:keys.groups.view`. */
  readonly group?: string
}

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
