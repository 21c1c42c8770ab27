/** Whether the pane around an element has the focus itself, because there was nothing in it yet that could have it. */
export function paneHasFocus(element: Element | null): boolean {
  const active = document.activeElement
  return active === null || active === document.body || active === element?.closest('[data-pane]')
}
