import type { ShortcutInfo } from '../../app/define-view.ts'

export const OVERVIEW_KEYS: readonly ShortcutInfo[] = [
  { id: 'next', keys: ['j'], label: 'keys.next', hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'previous', keys: ['k'], label: 'keys.previous' },
  { id: 'shorter', keys: ['['], label: 'keys.shorter', hint: { keys: ['[', ']'], label: 'keys.window' } },
  { id: 'longer', keys: [']'], label: 'keys.longer' },
]
