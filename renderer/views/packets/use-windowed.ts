import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'

export interface Windowed {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly first: number
  readonly end: number
  /** Lines that are seen wholly. */
  readonly page: number
  onScroll(): void
  /** Scrolls no further than needed. */
  reveal(line: number, middle?: boolean): void
}

/** Lines of one height in an element that scrolls: only those that are seen are in the page. */
export function useWindowed(count: number, line: number): Windowed {
  const scroller = useRef<HTMLDivElement>(null)
  const [{ top, height }, setPlace] = useState({ top: 0, height: 0 })
  const onScroll = useCallback(() => {
    const element = scroller.current
    if (element) setPlace({ top: element.scrollTop, height: element.clientHeight })
  }, [])
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const sizes = new ResizeObserver(onScroll)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [onScroll])
  useLayoutEffect(onScroll, [count, onScroll])
  const reveal = useCallback(
    (at: number, middle = false) => {
      const element = scroller.current
      if (!element) return
      const from = at * line
      const seen = from >= element.scrollTop && from + line <= element.scrollTop + element.clientHeight
      if (seen) return
      if (middle) element.scrollTop = from - (element.clientHeight - line) / 2
      else element.scrollTop = from < element.scrollTop ? from : from + line - element.clientHeight
    },
    [line],
  )
  const first = Math.max(0, Math.floor(top / line) - 2)
  return {
    scroller,
    first,
    end: Math.min(count, Math.ceil((top + height) / line) + 2),
    page: Math.max(1, Math.floor(height / line) - 1),
    onScroll,
    reveal,
  }
}
