import type { ShortcutInfo } from '../../app/define-view.ts'

export const SOURCE_KEYS: readonly ShortcutInfo[] = [
  { id: 'down', keys: ['j'], label: 'keys.down', hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'up', keys: ['k'], label: 'keys.up' },
  { id: 'open', keys: ['Enter'], label: 'keys.open', hint: true },
  { id: 'add', keys: ['n'], label: 'keys.add', hint: true },
  { id: 'import', keys: ['i'], label: 'keys.import', hint: true },
  { id: 'pause', keys: ['p'], label: 'keys.pause', hint: true },
  { id: 'edit', keys: ['e'], label: 'keys.edit', hint: true },
  { id: 'rejected', keys: ['r'], label: 'keys.rejected', hint: true },
  { id: 'remove', keys: ['Delete'], label: 'keys.remove' },
  { id: 'close', keys: ['Escape'], label: 'keys.close' },
]
