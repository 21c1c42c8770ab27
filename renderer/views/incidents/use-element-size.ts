import { useEffect, useState, type RefObject } from 'react'

/** Width and height of an element in CSS pixels; 0 before the first measure. */
export function useElementSize(element: RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) =>
      setSize({ width: Math.floor(entry?.contentRect.width ?? 0), height: Math.floor(entry?.contentRect.height ?? 0) }),
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}
