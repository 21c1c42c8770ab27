import type { ShortcutInfo } from '../../app/define-view.ts'

const ROWS = 'keys.rows'
const PACKET = 'keys.packet'

/** Wireshark's keys. Those that a browser keeps for itself have a letter beside them. */
export const PACKET_KEYS: readonly ShortcutInfo[] = [
  {
    id: 'down',
    keys: ['ArrowDown', 'j'],
    label: 'keys.down',
    group: ROWS,
    hint: { keys: ['ArrowUp', 'ArrowDown'], label: 'keys.move' },
  },
  { id: 'up', keys: ['ArrowUp', 'k'], label: 'keys.up', group: ROWS },
  { id: 'pageDown', keys: ['PageDown'], label: 'keys.pageDown', group: ROWS },
  { id: 'pageUp', keys: ['PageUp'], label: 'keys.pageUp', group: ROWS },
  { id: 'first', keys: ['Home', 'g g'], label: 'keys.first', group: ROWS },
  { id: 'last', keys: ['End', 'G'], label: 'keys.last', group: ROWS },
  { id: 'drawDown', keys: ['Shift+ArrowDown'], label: 'keys.drawDown', group: ROWS },
  { id: 'drawUp', keys: ['Shift+ArrowUp'], label: 'keys.drawUp', group: ROWS },
  { id: 'drawPageDown', keys: ['Shift+PageDown'], label: 'keys.drawPageDown', group: ROWS },
  { id: 'drawPageUp', keys: ['Shift+PageUp'], label: 'keys.drawPageUp', group: ROWS },
  { id: 'filter', keys: ['/', 'Ctrl+/'], label: 'keys.filter', group: ROWS, hint: { keys: ['Ctrl+/'], label: 'keys.filter' } },
  { id: 'find', keys: ['Ctrl+F'], label: 'keys.find', group: ROWS, hint: true },
  { id: 'findNext', keys: ['Ctrl+N', 'n'], label: 'keys.findNext', group: ROWS },
  { id: 'findPrevious', keys: ['Ctrl+B', 'N'], label: 'keys.findPrevious', group: ROWS },
  { id: 'goto', keys: ['Ctrl+G'], label: 'keys.goto', group: ROWS, hint: true },
  { id: 'mark', keys: ['Ctrl+M', 'x'], label: 'keys.mark', group: ROWS, hint: true },
  { id: 'nextMark', keys: ['Ctrl+Shift+N', ']'], label: 'keys.nextMark', group: ROWS },
  { id: 'previousMark', keys: ['Ctrl+Shift+B', '['], label: 'keys.previousMark', group: ROWS },
  { id: 'reference', keys: ['Ctrl+T', 't'], label: 'keys.reference', group: ROWS },
  { id: 'time', keys: ['T'], label: 'keys.time', group: ROWS },
  { id: 'follow', keys: ['Enter', 'Ctrl+Alt+Shift+T'], label: 'keys.follow', group: PACKET, hint: true },
  { id: 'alerts', keys: ['A'], label: 'keys.alerts', group: PACKET, hint: { keys: ['Shift+A'], label: 'keys.alerts' } },
  { id: 'nextInFlow', keys: ['Ctrl+.', '.'], label: 'keys.nextInFlow', group: PACKET },
  { id: 'previousInFlow', keys: ['Ctrl+,', ','], label: 'keys.previousInFlow', group: PACKET },
  { id: 'comment', keys: ['Ctrl+Alt+C'], label: 'keys.comment', group: PACKET },
  { id: 'menu', keys: ['ContextMenu', 'Shift+F10', 'm'], label: 'keys.menu', group: PACKET },
  { id: 'carve', keys: ['w'], label: 'keys.carve', group: PACKET },
  { id: 'conversations', keys: ['Ctrl+Y'], label: 'keys.conversations', group: PACKET },
  { id: 'tools', keys: ['o'], label: 'keys.tools' },
  { id: 'side', keys: ['b'], label: 'keys.side' },
  { id: 'open', keys: ['Ctrl+O'], label: 'keys.open' },
  { id: 'close', keys: ['Escape'], label: 'keys.close' },
]
