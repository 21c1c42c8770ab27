import type { ShortcutInfo } from '../../app/define-view.ts'

const LIST = 'keys.list'
const EDITOR = 'keys.editor'
const TIMELINE = 'keys.timeline'
const ROUTE = 'keys.route'

/** Of the list and of the editor; what is not on screen is not offered. */
export const INCIDENT_KEYS: readonly ShortcutInfo[] = [
  { id: 'down', keys: ['j', 'ArrowDown'], label: 'keys.down', hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'up', keys: ['k', 'ArrowUp'], label: 'keys.up' },
  { id: 'open', keys: ['Enter'], label: 'keys.open', group: LIST, hint: true },
  { id: 'create', keys: ['n'], label: 'keys.create', group: LIST, hint: true },
  { id: 'importCase', keys: ['i'], label: 'keys.importCase', group: LIST },
  { id: 'filter', keys: ['/'], label: 'keys.filter', group: LIST, hint: true },
  { id: 'offered', keys: ['n'], label: 'keys.offered', group: EDITOR, hint: true },
  { id: 'entry', keys: ['t'], label: 'keys.entry', group: TIMELINE, hint: true },
  { id: 'pin', keys: ['p'], label: 'keys.pin', group: TIMELINE },
  { id: 'note', keys: ['m'], label: 'keys.note', group: EDITOR, hint: true },
  { id: 'evidence', keys: ['v'], label: 'keys.evidence', group: EDITOR },
  { id: 'status', keys: ['s'], label: 'keys.status', group: EDITOR, hint: true },
  { id: 'title', keys: ['F2'], label: 'keys.title', group: EDITOR },
  { id: 'details', keys: ['e'], label: 'keys.details', group: EDITOR, hint: true },
  // Only among the incident's alerts.
  { id: 'mark', keys: ['x'], label: 'keys.mark', group: EDITOR },
  { id: 'report', keys: ['R'], label: 'keys.report', group: EDITOR, hint: true },
  { id: 'exportCase', keys: ['X'], label: 'keys.exportCase', group: EDITOR },
  { id: 'links', keys: ['L'], label: 'keys.links', group: EDITOR },
  { id: 'merge', keys: ['M'], label: 'keys.merge', group: EDITOR },
  { id: 'sentence', keys: ['a'], label: 'keys.sentence', group: ROUTE },
  { id: 'confirm', keys: ['c'], label: 'keys.confirm', group: ROUTE },
  { id: 'confirmAll', keys: ['C'], label: 'keys.confirmAll', group: ROUTE },
  { id: 'propose', keys: ['r'], label: 'keys.propose', group: ROUTE },
  { id: 'language', keys: ['l'], label: 'keys.language', group: ROUTE },
  { id: 'remove', keys: ['Delete'], label: 'keys.remove', group: EDITOR },
  { id: 'previousEntry', keys: ['ArrowLeft'], label: 'keys.previousEntry', group: TIMELINE },
  { id: 'nextEntry', keys: ['ArrowRight'], label: 'keys.nextEntry', group: TIMELINE },
  { id: 'zoomIn', keys: ['+', '='], label: 'keys.zoomIn', group: TIMELINE },
  { id: 'zoomOut', keys: ['-'], label: 'keys.zoomOut', group: TIMELINE },
  { id: 'zoomAll', keys: ['0'], label: 'keys.zoomAll', group: TIMELINE },
  ...(['desk', 'timeline', 'alerts', 'entities', 'evidence', 'playbook', 'notes', 'ledger'] as const).map((tab, index) => ({
    id: `tab.${tab}`,
    keys: [String(index + 1)],
    label: `tabs.${tab}`,
    group: 'keys.tabs',
  })),
  { id: 'undo', keys: ['Ctrl+Z'], label: 'keys.undo', group: EDITOR, hint: true },
  { id: 'back', keys: ['Escape'], label: 'keys.back' },
]
