import type { ShortcutInfo } from '../../app/define-view.ts'

const ROWS = 'keys.rows'
const DECIDING = 'keys.deciding'
const PANEL = 'keys.panel'

export const ALERT_KEYS: readonly ShortcutInfo[] = [
  { id: 'next', keys: ['j'], label: 'keys.next', group: ROWS, hint: { keys: ['j', 'k'], label: 'keys.move' } },
  { id: 'previous', keys: ['k'], label: 'keys.previous', group: ROWS },
  { id: 'first', keys: ['g g', 'Home'], label: 'keys.first', group: ROWS },
  { id: 'last', keys: ['G', 'End'], label: 'keys.last', group: ROWS },
  { id: 'mark', keys: ['x'], label: 'keys.mark', group: ROWS, hint: true },
  { id: 'markDown', keys: ['J', 'Shift+ArrowDown'], label: 'keys.markDown', group: ROWS },
  { id: 'markUp', keys: ['K', 'Shift+ArrowUp'], label: 'keys.markUp', group: ROWS },
  { id: 'filter', keys: ['/'], label: 'keys.filter', group: ROWS, hint: { keys: ['/'], label: 'keys.filterHint' } },
  { id: 'order', keys: ['s'], label: 'keys.order', group: ROWS },
  { id: 'show', keys: ['n'], label: 'keys.show', group: ROWS },
  { id: 'follow', keys: ['f'], label: 'keys.follow', group: ROWS },
  { id: 'take', keys: ['a'], label: 'keys.take', group: DECIDING, hint: true },
  { id: 'release', keys: ['A'], label: 'keys.release', group: DECIDING },
  { id: 'decide', keys: ['d'], label: 'keys.decide', group: DECIDING, hint: true },
  { id: 'verdict1', keys: ['1'], label: 'common:verdict.tp_impact', group: DECIDING },
  { id: 'verdict2', keys: ['2'], label: 'common:verdict.tp_no_impact', group: DECIDING },
  { id: 'verdict3', keys: ['3'], label: 'common:verdict.false_positive', group: DECIDING },
  { id: 'verdict4', keys: ['4'], label: 'common:verdict.benign_tp', group: DECIDING },
  { id: 'verdict5', keys: ['5'], label: 'common:verdict.undetermined', group: DECIDING },
  { id: 'reason', keys: ['r'], label: 'keys.reason', group: DECIDING },
  { id: 'snooze', keys: ['z'], label: 'keys.snooze', group: DECIDING, hint: true },
  { id: 'tune', keys: ['t'], label: 'keys.tune', group: DECIDING, hint: true },
  { id: 'alike', keys: ['l'], label: 'keys.alike', group: DECIDING },
  { id: 'method', keys: ['m'], label: 'keys.method', group: DECIDING },
  { id: 'undo', keys: ['u'], label: 'keys.undo', group: DECIDING, hint: true },
  { id: 'reopen', keys: ['R'], label: 'keys.reopen', group: DECIDING },
  { id: 'open', keys: ['Enter'], label: 'keys.open', group: PANEL },
  { id: 'back', keys: ['Escape'], label: 'keys.back', group: PANEL },
  { id: 'rule', keys: ['o'], label: 'keys.rule', group: PANEL },
  { id: 'copy', keys: ['c'], label: 'keys.copy', group: PANEL },
  { id: 'verify', keys: ['i'], label: 'keys.verify', group: PANEL },
  { id: 'zoomIn', keys: [']'], label: 'keys.zoomIn', group: PANEL },
  { id: 'zoomOut', keys: ['['], label: 'keys.zoomOut', group: PANEL },
  { id: 'events', keys: ['v'], label: 'keys.events', group: PANEL },
  { id: 'keep', keys: ['E'], label: 'keys.keep', group: PANEL },
  { id: 'packets', keys: ['p'], label: 'keys.packets', group: PANEL, hint: true },
]
