/** Where the keyboard is among the rows. */
import type { EventRow } from '../../../shared/model/event.ts'
import { focusRow, moveCurrent, type GridApi } from '../../components/Grid.tsx'

export function takeFocus(api: GridApi<EventRow>, index: number): void {
  focusRow(api, index)
  bringFocus()
}
export function step(api: GridApi<EventRow>, by: 1 | -1): void {
  moveCurrent(api, by)
  bringFocus()
}
/**
 * A row that was out of sight is drawn a moment after it was given the focus, and the keyboard would stay where it was. Where
 * somebody has gone on meanwhile (to the query, to a menu), it is left there.
 */
function bringFocus(): void {
  const before = document.activeElement
  setTimeout(() => {
    const now = document.activeElement
    const cell = document.querySelector<HTMLElement>('.ev-rows .ag-cell-focus')
    const free = now === null || now === document.body || now === before
    if (cell && free && !now?.closest('.ev-rows, .wf-pop, .wf-dialog')) cell.focus({ preventScroll: true })
  }, 60)
}
