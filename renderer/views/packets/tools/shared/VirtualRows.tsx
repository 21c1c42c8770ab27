import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { geometryOf, rowsSeen, topFor } from './rows-geometry.ts'
import { useInsideKeys } from './use-inside-keys.ts'
import { paneHasFocus } from './waits-for-focus.ts'

export interface VirtualRowsProps {
  readonly label: string
  readonly count: number
  /** Pixels. */
  readonly rowHeight: number
  /** Width of the content where it is wider than the pane, in pixels. */
  readonly width?: number
  /** Stands above the rows and scrolls sideways with them. */
  readonly head?: ReactNode
  readonly headHeight?: number
  readonly className?: string
  /** The row the cursor is on; -1 for none. */
  readonly current: number
  /** Brings the current row into view when it changes. A new object asks again for the same row. */
  readonly reveal?: { readonly row: number } | null
  renderRow(index: number): ReactNode
  rowClass?(index: number): string
  onCurrent(index: number): void
  /** Enter, or a press on the row. */
  onChoose?(index: number): void
  /** Rows that are seen: for loading more. */
  onSeen?(from: number, to: number): void
  /** Width of the pane in pixels, when it changes. */
  onWidth?(width: number): void
}

/** A list of any length of which only what is seen is laid out. Arrows, Page Up and Down, Home, End, Enter. */
export function VirtualRows(props: VirtualRowsProps): ReactNode {
  const { label, count, rowHeight, width, head, headHeight = 0, className = '', current, reveal, renderRow, rowClass } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [top, setTop] = useState(0)
  const viewport = Math.max(0, size.height - headHeight)
  const { height, scale, last } = geometryOf(count, rowHeight, viewport)
  const at = Math.min(top, last)
  const { from, to } = rowsSeen(at, count, rowHeight, viewport)
  const latest = useRef(props)
  /** The scrollbar's place that this component gave it: its own scroll event changes nothing. */
  const given = useRef(-1)
  useLayoutEffect(() => {
    latest.current = props
  })
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight })
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])
  useEffect(() => {
    if (size.width > 0) latest.current.onWidth?.(size.width)
  }, [size.width])
  useEffect(() => latest.current.onSeen?.(from, to), [from, to, count])
  useEffect(() => {
    if (paneHasFocus(scroller.current)) scroller.current?.focus({ preventScroll: true })
  }, [])

  const go = (place: number): void => {
    const wanted = Math.max(0, Math.min(last, place))
    setTop(wanted)
    const element = scroller.current
    if (!element) return
    element.scrollTop = wanted / scale
    given.current = element.scrollTop
  }
  const show = (index: number): void => {
    const wanted = topFor(index, at, rowHeight, viewport)
    if (wanted !== at) go(wanted)
  }
  const showing = useRef(show)
  useLayoutEffect(() => {
    showing.current = show
  })
  const measured = size.height > 0
  useEffect(() => {
    if (reveal && measured) showing.current(reveal.row)
  }, [reveal, measured])

  const move = (to_: number): boolean => {
    if (count === 0) return false
    const index = Math.max(0, Math.min(count - 1, to_))
    show(index)
    latest.current.onCurrent(index)
    return true
  }
  const page = Math.max(1, Math.floor(viewport / rowHeight) - 1)
  const focused = (): boolean => document.activeElement === scroller.current
  useInsideKeys(scroller, [
    { keys: ['ArrowDown', 'j'], run: () => focused() && move(current + 1) },
    { keys: ['ArrowUp', 'k'], run: () => focused() && move(current < 0 ? 0 : current - 1) },
    { keys: ['PageDown'], run: () => focused() && move(Math.max(0, current) + page) },
    { keys: ['PageUp'], run: () => focused() && move(current - page) },
    { keys: ['Home'], run: () => focused() && move(0) },
    { keys: ['End'], run: () => focused() && move(count - 1) },
    { keys: ['Enter'], run: () => focused() && current >= 0 && current < count && latest.current.onChoose?.(current) },
  ])
  // React listens passively to the wheel; a scaled list must move by exactly what the wheel says.
  useEffect(() => {
    const element = scroller.current
    if (!element || scale === 1) return
    const turned = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return
      event.preventDefault()
      const step =
        event.deltaMode === 1 ? event.deltaY * rowHeight : event.deltaMode === 2 ? event.deltaY * viewport : event.deltaY
      setTop((before) => {
        const wanted = Math.max(0, Math.min(last, before + step))
        element.scrollTop = wanted / scale
        given.current = element.scrollTop
        return wanted
      })
    }
    element.addEventListener('wheel', turned, { passive: false })
    return () => element.removeEventListener('wheel', turned)
  }, [scale, last, rowHeight, viewport])

  const rows = Array.from({ length: to - from }, (_, place) => {
    const index = from + place
    return (
      <div
        key={index}
        id={`${id}-${index}`}
        role="option"
        aria-selected={index === current}
        aria-posinset={index + 1}
        aria-setsize={count}
        className={`pt-row ${index === current ? 'on' : ''} ${rowClass?.(index) ?? ''}`}
        style={{ top: headHeight + index * rowHeight - at, height: rowHeight }}
        onClick={() => {
          latest.current.onCurrent(index)
          // Text that is being selected is not a press.
          if (window.getSelection()?.isCollapsed !== false) latest.current.onChoose?.(index)
        }}
      >
        {renderRow(index)}
      </div>
    )
  })
  return (
    <div
      ref={scroller}
      className={`pt-rows ${className}`}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={current >= from && current < to ? `${id}-${current}` : undefined}
      onScroll={(event) => {
        const place = event.currentTarget.scrollTop
        if (Math.abs(place - given.current) < 1) return
        given.current = -1
        setTop(Math.min(last, place * scale))
      }}
    >
      <div role="none" style={{ height: Math.max(height + headHeight, size.height), minWidth: width }}>
        <div className="pt-window" role="none" style={{ height: size.height }}>
          {head === undefined ? null : (
            <div className="pt-rows-head" role="none" style={{ height: headHeight }} aria-hidden="true">
              {head}
            </div>
          )}
          {rows}
        </div>
      </div>
    </div>
  )
}
