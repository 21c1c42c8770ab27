import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'

/** The line between two panes: dragged, or moved with the arrow keys. `value` is the share of the second one in percent. */
export function Splitter({
  label,
  value,
  least,
  most,
  upright = false,
  onChange,
}: {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  /** Between panes that lie side by side. */
  readonly upright?: boolean
  onChange(value: number): void
}): ReactNode {
  const line = useRef<HTMLDivElement>(null)
  const put = (next: number): void => onChange(Math.round(Math.max(least, Math.min(most, next)) * 10) / 10)
  const dragged = (event: PointerEvent): void => {
    if (event.buttons !== 1) return
    const box = line.current?.parentElement?.getBoundingClientRect()
    if (!box) return
    put(upright ? ((box.right - event.clientX) / box.width) * 100 : ((box.bottom - event.clientY) / box.height) * 100)
  }
  const pressed = (event: KeyboardEvent): void => {
    const step = { ArrowUp: 2, ArrowLeft: 2, ArrowDown: -2, ArrowRight: -2 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    put(value + step)
  }
  return (
    <div
      ref={line}
      className={`pk-split ${upright ? 'pk-split-upright' : ''}`}
      role="separator"
      tabIndex={0}
      data-keys="own"
      aria-label={label}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(value)}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={dragged}
      onKeyDown={pressed}
    />
  )
}
