import { useImperativeHandle, useRef, type Ref, type RefObject } from 'react'

/** What the keys of the view do in a tab of its own. */
export interface ListKeys {
  /** To the next row that can be opened, or the one before. */
  move(step: 1 | -1): void
  focus(): void
}

/** Rows that can be opened are buttons with `data-row`; the arrows and `j`, `k` go from one to the next. */
export function useListKeys(keys: Ref<ListKeys>): RefObject<HTMLDivElement | null> {
  const body = useRef<HTMLDivElement>(null)
  useImperativeHandle(keys, () => {
    const rows = (): HTMLElement[] => [...(body.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    return {
      move(step) {
        const all = rows()
        const at = all.findIndex((row) => row === document.activeElement)
        const chosen = all.findIndex((row) => row.getAttribute('aria-pressed') === 'true')
        const from = at >= 0 ? at : chosen >= 0 ? chosen : step > 0 ? -1 : all.length
        all[Math.max(0, Math.min(all.length - 1, from + step))]?.focus()
      },
      focus: () => (rows().find((row) => row.getAttribute('aria-pressed') === 'true') ?? rows()[0])?.focus(),
    }
  })
  return body
}
