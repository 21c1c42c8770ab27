import type { ShortcutInfo } from './define-view.ts'
import { VIEWS } from './views.ts'

/** Keys that act in every view. */
export const SHELL_KEYS: readonly ShortcutInfo[] = [
  { id: 'palette', keys: ['Ctrl+K'], label: 'shell:keys.palette', group: 'shell:keys.everywhere' },
  { id: 'sheet', keys: ['?'], label: 'shell:keys.sheet', group: 'shell:keys.everywhere', hint: true },
  { id: 'nextPane', keys: ['F6'], label: 'shell:keys.nextPane', group: 'shell:keys.everywhere' },
  { id: 'previousPane', keys: ['Shift+F6'], label: 'shell:keys.previousPane', group: 'shell:keys.everywhere' },
  ...VIEWS.map(({ id, go }) => ({ id: `go.${id}`, keys: [`g ${go}`], label: `${id}:title`, group: 'shell:keys.goTo' })),
]
