import type { ShortcutInfo } from '../../app/define-view.ts'

export const RULE_KEYS: readonly ShortcutInfo[] = [
  { id: 'down', keys: ['j'], label: 'keys.down', hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'up', keys: ['k'], label: 'keys.up' },
  { id: 'open', keys: ['Enter'], label: 'keys.open', hint: true },
  { id: 'filter', keys: ['/'], label: 'keys.filter', hint: true },
  { id: 'toggle', keys: ['t'], label: 'keys.toggle', hint: true },
  { id: 'alerts', keys: ['v'], label: 'keys.alerts', hint: true },
  { id: 'edit', keys: ['e'], label: 'keys.edit', hint: true },
  { id: 'create', keys: ['c'], label: 'keys.create' },
  { id: 'coverage', keys: ['m'], label: 'keys.coverage' },
  { id: 'sources', keys: ['s'], label: 'keys.sources' },
  { id: 'lists', keys: ['l'], label: 'keys.lists' },
  { id: 'tunings', keys: ['u'], label: 'keys.tunings' },
  { id: 'packs', keys: ['a'], label: 'keys.packs' },
  { id: 'import', keys: ['i'], label: 'keys.import' },
  { id: 'export', keys: ['x'], label: 'keys.export' },
  { id: 'problems', keys: ['p'], label: 'keys.problems' },
  { id: 'folders', keys: ['b'], label: 'keys.folders' },
  { id: 'add', keys: ['n'], label: 'keys.add', hint: true },
  { id: 'close', keys: ['Escape'], label: 'keys.close' },
]
