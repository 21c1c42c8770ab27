import type { ShortcutInfo } from '../../app/define-view.ts'

export const ASSET_KEYS: readonly ShortcutInfo[] = [
  { id: 'down', keys: ['j'], label: 'keys.down', hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'up', keys: ['k'], label: 'keys.up' },
  { id: 'open', keys: ['Enter'], label: 'keys.open', hint: true },
  { id: 'filter', keys: ['/'], label: 'keys.filter', hint: true },
  { id: 'add', keys: ['n'], label: 'keys.add', hint: true },
  { id: 'import', keys: ['i'], label: 'keys.import', hint: true },
  { id: 'edit', keys: ['e'], label: 'keys.edit', hint: true },
  { id: 'customers', keys: ['c'], label: 'keys.customers', hint: true },
  { id: 'remove', keys: ['Delete'], label: 'keys.remove' },
  { id: 'tab1', keys: ['1'], label: 'keys.services', group: 'keys.page' },
  { id: 'tab2', keys: ['2'], label: 'keys.weaknesses', group: 'keys.page' },
  { id: 'tab3', keys: ['3'], label: 'keys.alerts', group: 'keys.page' },
  { id: 'tab4', keys: ['4'], label: 'keys.signatures', group: 'keys.page' },
  { id: 'tab5', keys: ['5'], label: 'keys.incidents', group: 'keys.page' },
  { id: 'tab6', keys: ['6'], label: 'keys.talkers', group: 'keys.page' },
  { id: 'tab7', keys: ['7'], label: 'keys.baseline', group: 'keys.page' },
  { id: 'close', keys: ['Escape'], label: 'keys.close' },
]
