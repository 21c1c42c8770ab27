import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { KeyLayer, useBindings } from '../keys/use-keys.tsx'
import { Button } from './Button.tsx'
import './popover.css'

const FOCUSABLE =
  'button:not(:disabled), [href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex="-1"])'

/** Elements inside that take the focus, in order. */
export const focusable = (root: HTMLElement): HTMLElement[] =>
  [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.offsetParent !== null)

function CloseKeys({ onClose, around }: { onClose(): void; readonly around: RefObject<HTMLElement | null> }): ReactNode {
  const turn = (step: 1 | -1): void => {
    const found = around.current ? focusable(around.current) : []
    const at = found.indexOf(document.activeElement as HTMLElement)
    found[at < 0 ? 0 : (at + step + found.length) % found.length]?.focus()
  }
  useBindings([
    { keys: ['Escape'], inText: true, run: onClose },
    { keys: ['Tab'], inText: true, run: () => turn(1) },
    { keys: ['Shift+Tab'], inText: true, run: () => turn(-1) },
  ])
  return null
}

/** Gives the focus back to what had it when the component came, once it goes. */
export function useReturnFocus(): void {
  useEffect(() => {
    const before = document.activeElement
    return () => {
      // Unless what was chosen has already put it elsewhere.
      const lost = document.activeElement === null || document.activeElement === document.body
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
}

export interface PopoverProps {
  /** Opens below it, or above where there is no room. */
  readonly anchor: RefObject<HTMLElement | null>
  readonly label: string
  readonly align?: 'start' | 'end'
  readonly role?: 'dialog' | 'menu' | 'listbox'
  readonly className?: string
  readonly children: ReactNode
  onClose(): void
}

/** A small surface at a control. Esc and a press outside close it; the focus returns. */
export function Popover(props: PopoverProps): ReactNode {
  return createPortal(
    <KeyLayer name="popover">
      <Surface {...props} />
    </KeyLayer>,
    document.body,
  )
}

function Surface({
  anchor,
  label,
  align = 'start',
  role = 'dialog',
  className = '',
  children,
  onClose,
}: PopoverProps): ReactNode {
  const surface = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null)
  useReturnFocus()
  useLayoutEffect(() => {
    const element = surface.current
    if (!element) return
    const put = (): void => {
      const at = anchor.current?.getBoundingClientRect()
      // Of an anchor that has gone (a row scrolled away) the last place stays.
      if (!at || anchor.current?.isConnected === false) return
      const own = element.getBoundingClientRect()
      const left = align === 'end' ? at.right - own.width : at.left
      const below = at.bottom + 4
      const top = below + own.height > window.innerHeight - 8 && at.top - own.height - 4 > 8 ? at.top - own.height - 4 : below
      setPlace({
        left: Math.max(8, Math.min(left, window.innerWidth - own.width - 8)),
        top: Math.max(8, Math.min(top, window.innerHeight - own.height - 8)),
      })
    }
    put()
    // What comes later (an answer of the engine) may need another place.
    const sizes = new ResizeObserver(put)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [anchor, align])
  useEffect(() => {
    if (!place || !surface.current || surface.current.contains(document.activeElement)) return
    const wanted =
      surface.current.querySelector<HTMLElement>('[data-autofocus]') ?? focusable(surface.current)[0] ?? surface.current
    wanted.focus()
  }, [place])
  useEffect(() => {
    const pressed = (event: PointerEvent): void => {
      const target = event.target as Node
      if (!surface.current?.contains(target) && anchor.current?.contains(target) !== true) onClose()
    }
    document.addEventListener('pointerdown', pressed, true)
    return () => document.removeEventListener('pointerdown', pressed, true)
  })
  return (
    <>
      <CloseKeys onClose={onClose} around={surface} />
      <div
        ref={surface}
        className={`wf-pop ${className}`}
        role={role}
        aria-label={label}
        tabIndex={-1}
        style={place ?? { left: 0, top: 0, visibility: 'hidden' }}
      >
        {children}
      </div>
    </>
  )
}

/** For what is not triage: settings of a source, names, sheets. Modal; Esc closes. */
export function Dialog({
  title,
  children,
  footer,
  wide = false,
  top = false,
  className = '',
  onClose,
  bare = false,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly wide?: boolean
  /** Near the top of the window (palette). */
  readonly top?: boolean
  readonly className?: string
  /** Without head and padding; `title` is then only its name. */
  readonly bare?: boolean
  onClose(): void
}): ReactNode {
  return createPortal(
    <KeyLayer name="dialog">
      <DialogSurface title={title} footer={footer} wide={wide} top={top} className={className} bare={bare} onClose={onClose}>
        {children}
      </DialogSurface>
    </KeyLayer>,
    document.body,
  )
}

function DialogHead({ title, onClose }: { readonly title: string; onClose(): void }): ReactNode {
  const { t } = useTranslation()
  return (
    <header>
      <h2>{title}</h2>
      <Button kind="quiet" iconOnly icon="close" aria-label={t('close')} onClick={onClose} />
    </header>
  )
}

function DialogSurface({
  title,
  children,
  footer,
  wide,
  top,
  className,
  bare,
  onClose,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly footer: ReactNode
  readonly wide: boolean
  readonly top: boolean
  readonly className: string
  readonly bare: boolean
  onClose(): void
}): ReactNode {
  const surface = useRef<HTMLDivElement>(null)
  useReturnFocus()
  useEffect(() => {
    const root = surface.current
    if (!root || root.contains(document.activeElement)) return
    const body = root.querySelector<HTMLElement>('.wf-dialog-body') ?? root
    const wanted = root.querySelector<HTMLElement>('[data-autofocus]') ?? focusable(body)[0] ?? focusable(root)[0] ?? root
    wanted.focus()
  }, [])
  return (
    <div className="wf-dialog-back" onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
      <CloseKeys onClose={onClose} around={surface} />
      <div
        ref={surface}
        className={`wf-dialog ${wide ? 'wf-dialog-wide' : ''} ${top ? 'wf-dialog-top' : ''} ${className}`}
        role="dialog"
        aria-modal="true"
        aria-label={title}
        tabIndex={-1}
      >
        {bare ? (
          children
        ) : (
          <>
            <DialogHead title={title} onClose={onClose} />
            <div className="wf-dialog-body">{children}</div>
            {footer ? <footer>{footer}</footer> : null}
          </>
        )}
      </div>
    </div>
  )
}
