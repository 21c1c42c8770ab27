import type { ShortcutInfo } from '../../app/define-view.ts'

export const EVENT_KEYS: readonly ShortcutInfo[] = [
  { id: 'down', keys: ['j'], label: 'keys.down', hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'up', keys: ['k'], label: 'keys.up' },
  { id: 'query', keys: ['/'], label: 'keys.query', hint: true },
  { id: 'open', keys: ['Enter'], label: 'keys.open', hint: true },
  { id: 'menu', keys: ['m', 'ContextMenu', 'Shift+F10'], label: 'keys.menu', hint: true },
  { id: 'filter', keys: ['+'], label: 'keys.filter', hint: true },
  { id: 'exclude', keys: ['-'], label: 'keys.exclude', hint: true },
  { id: 'stats', keys: ['s'], label: 'keys.stats' },
  { id: 'copy', keys: ['c'], label: 'keys.copy' },
  { id: 'show', keys: ['n'], label: 'keys.show', hint: true },
  { id: 'follow', keys: ['f'], label: 'keys.follow', hint: true },
  { id: 'first', keys: ['Home', 'g g'], label: 'keys.first' },
  { id: 'last', keys: ['End', 'G'], label: 'keys.last' },
  { id: 'order', keys: ['o'], label: 'keys.order' },
  { id: 'fields', keys: ['b'], label: 'keys.fields' },
  { id: 'widen', keys: ['w'], label: 'keys.widen' },
  { id: 'packets', keys: ['p'], label: 'keys.packets' },
  { id: 'keep', keys: ['E'], label: 'keys.keep' },
  { id: 'close', keys: ['Escape'], label: 'keys.close' },
]
