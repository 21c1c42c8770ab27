/** A key that a view or the shell offers: what the status bar and the sheet show of it. */
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
