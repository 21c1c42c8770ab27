import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { movesBy } from './pane-rows.ts'

/** Rows beyond what is seen, so that a quick turn of the wheel shows no hole. */
const BEYOND = 12
/** Rows by which what is laid out moves. */
const STEP = 6

/** A list of any length of which only what is seen is laid out. The list has the focus, its current row is told. */
export function VirtualList({
  label,
  count,
  row,
  current,
  renderRow,
  rowClass,
  keyOf,
  onCurrent,
  onChoose,
  onRemove,
}: {
  readonly label: string
  readonly count: number
  /** Height in pixels. */
  readonly row: number
  /** -1 for none. */
  readonly current: number
  renderRow(index: number): ReactNode
  rowClass?(index: number): string
  keyOf(index: number): string
  onCurrent(index: number): void
  onChoose?(index: number): void
  onRemove?(index: number): void
}): ReactNode {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 0 })
  const latest = useRef({ count, current, onCurrent })
  useLayoutEffect(() => {
    latest.current = { count, current, onCurrent }
  })
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    // Other rows are laid out only when those beyond what is seen run out: most turns of the wheel draw nothing anew.
    const look = (): void => {
      const top = Math.floor(element.scrollTop / (row * STEP)) * row * STEP
      const height = element.clientHeight
      setSeen((before) => (before.top === top && before.height === height ? before : { top, height }))
    }
    look()
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [row])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    return movesBy(element, (step) => {
      const { count: many, current: at, onCurrent: go } = latest.current
      if (many === 0) return false
      go(Math.max(0, Math.min(many - 1, at < 0 ? 0 : at + step)))
      element.focus({ preventScroll: true })
      return true
    })
  }, [])
  // The current row comes into view when it becomes another one, never because rows around it have changed.
  const currentKey = current >= 0 && current < count ? keyOf(current) : null
  useEffect(() => {
    const element = scroller.current
    if (!element || currentKey === null) return
    const { current: at } = latest.current
    if (at * row < element.scrollTop) element.scrollTop = at * row
    else if ((at + 1) * row > element.scrollTop + element.clientHeight) element.scrollTop = (at + 1) * row - element.clientHeight
  }, [currentKey, row])
  const from = Math.max(0, Math.floor(seen.top / row) - BEYOND)
  const to = Math.min(count, Math.ceil((seen.top + seen.height) / row) + STEP + BEYOND)
  const page = Math.max(1, Math.floor(seen.height / row) - 1)
  return (
    <div
      ref={scroller}
      className="in-virtual"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      data-moves=""
      aria-activedescendant={current >= from && current < to ? `${id}-${current}` : undefined}
      onKeyDown={(event) => {
        const by =
          event.key === 'PageDown'
            ? page
            : event.key === 'PageUp'
              ? -page
              : event.key === 'Home'
                ? -count
                : event.key === 'End'
                  ? count
                  : 0
        if (by !== 0 && count > 0) onCurrent(Math.max(0, Math.min(count - 1, Math.max(0, current) + by)))
        else if (event.key === 'Enter' && current >= 0) onChoose?.(current)
        else if (event.key === 'Delete' && current >= 0) onRemove?.(current)
        else return
        event.preventDefault()
      }}
    >
      <div role="none" className="in-virtualroom" style={{ height: count * row }}>
        {Array.from({ length: Math.max(0, to - from) }, (_, place) => {
          const index = from + place
          return (
            <div
              key={keyOf(index)}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === current}
              aria-posinset={index + 1}
              aria-setsize={count}
              className={`in-vrow ${index === current ? 'on' : ''} ${rowClass?.(index) ?? ''}`}
              style={{ transform: `translateY(${index * row}px)`, height: row }}
              onClick={() => onCurrent(index)}
              onDoubleClick={() => onChoose?.(index)}
            >
              {renderRow(index)}
            </div>
          )
        })}
      </div>
    </div>
  )
}
