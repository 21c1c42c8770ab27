import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import type { Binding } from '../../../../keys/keys.ts'
import { keyboard } from '../../../../keys/use-keys.tsx'

/**
 * Keys that act only while the focus is inside an element, and then before those of the page: a tool has arrows, Enter and letters
 * of its own. The page binds its keys anew whenever what it offers changes, and the newest come first; so these are bound again
 * after every render, once the page has done so. With `wholeTool` they act anywhere in the tool that the element is in.
 */
export function useInsideKeys(inside: RefObject<HTMLElement | null>, bindings: readonly Binding[], wholeTool = false): void {
  const latest = useRef(bindings)
  useLayoutEffect(() => {
    latest.current = bindings
  })
  const bound = useRef<(() => void) | null>(null)
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
      bound.current?.()
      bound.current = null
    }
  }, [])
  useEffect(() => {
    queueMicrotask(() => {
      if (gone.current) return
      bound.current?.()
      bound.current = keyboard.bind(
        latest.current.map((binding, index) => ({
          ...binding,
          run: () => {
            const around = wholeTool ? inside.current?.closest('.pt') : inside.current
            return around?.contains(document.activeElement) === true ? latest.current[index]?.run() : false
          },
        })),
      )
    })
  })
}
