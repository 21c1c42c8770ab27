import { useEffect, useRef, type ReactNode } from 'react'
import './pane.css'

const focusers = new WeakMap<Element, () => void>()

/** Moves the focus to the next pane on screen (`-1`: the one before). */
export function focusNextPane(step: 1 | -1): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null)
  if (panes.length === 0) return false
  const at = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[at < 0 ? (step > 0 ? 0 : panes.length - 1) : (at + step + panes.length) % panes.length]
  if (!next) return false
  const own = focusers.get(next)
  if (own) own()
  else next.focus()
  return true
}

/** A part of the screen that scrolls by itself and that F6 reaches. `onEnter` puts the focus where it belongs inside. */
export function Pane({
  label,
  id,
  className = '',
  children,
  onEnter,
  as: As = 'section',
}: {
  readonly label: string
  readonly id?: string
  readonly className?: string
  readonly children: ReactNode
  readonly onEnter?: () => void
  readonly as?: 'section' | 'aside' | 'nav' | 'div'
}): ReactNode {
  const pane = useRef<HTMLElement>(null)
  const latest = useRef(onEnter)
  useEffect(() => {
    latest.current = onEnter
    if (pane.current && onEnter) focusers.set(pane.current, () => latest.current?.())
  })
  return (
    <As
      ref={pane as never}
      id={id}
      className={`wf-pane ${className}`}
      data-pane=""
      tabIndex={-1}
      role={As === 'div' ? 'group' : undefined}
      aria-label={label}
    >
      {children}
    </As>
  )
}

/** Head of a pane or of a part of one: 28 px, name on the left, facts and controls on the right. */
export function PaneHead({
  title,
  children,
  level = 3,
}: {
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly level?: 2 | 3 | 4
}): ReactNode {
  const Heading = `h${level}` as const
  return (
    <div className="wf-panehead">
      <Heading>{title}</Heading>
      <div className="wf-panehead-side">{children}</div>
    </div>
  )
}
