import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../../components/Button.tsx'
import { Pane } from '../../../../components/Pane.tsx'
import { focusable, useReturnFocus } from '../../../../components/Popover.tsx'
import { takesText } from '../../../../keys/keys.ts'
import { useBindings } from '../../../../keys/use-keys.tsx'
import './tools.css'

/** Where the focus goes in a tool: what asks for it, else a list, a table, a form, else the pane until there is one. */
function focusInside(root: HTMLElement): void {
  const form = root.querySelector<HTMLElement>('.pt-form')
  const wanted =
    root.querySelector<HTMLElement>('[data-autofocus]') ??
    root.querySelector<HTMLElement>('.pt-rows, .pt-tree [tabindex="0"]') ??
    root.querySelector<HTMLElement>('.ag-row-selected .ag-cell') ??
    root.querySelector<HTMLElement>('.ag-row .ag-cell') ??
    (form ? focusable(form)[0] : undefined) ??
    root.closest<HTMLElement>('[data-pane]') ??
    root
  wanted.focus({ preventScroll: true })
}

/** The pane of a tool: its name, figures and controls in the head; Esc closes it, and the focus goes back. */
export function ToolFrame({
  title,
  facts,
  controls,
  bar = false,
  children,
  onClose,
  onEnter,
}: {
  readonly title: string
  /** Behind the title, dim. */
  readonly facts?: ReactNode
  readonly controls?: ReactNode
  /** One line high, as the bar for finding is. */
  readonly bar?: boolean
  readonly children?: ReactNode
  onClose(): void
  /** Puts the focus where it belongs inside, where that is not the first control. */
  onEnter?: () => void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const root = useRef<HTMLDivElement>(null)
  useReturnFocus()
  const enter = (): void => {
    if (onEnter) onEnter()
    else if (root.current) focusInside(root.current)
  }
  const entering = useRef(enter)
  useEffect(() => {
    entering.current = enter
  })
  useEffect(() => entering.current(), [])
  useBindings([
    {
      keys: ['Escape'],
      inText: true,
      // A text field elsewhere on the page keeps its own Esc.
      run: () =>
        takesText(document.activeElement) && root.current?.contains(document.activeElement) !== true ? false : onClose(),
    },
  ])
  return (
    <Pane label={title} className={`pt ${bar ? 'pt-bar' : ''}`} onEnter={enter}>
      <div ref={root} className="pt-root" data-keys="own">
        <header className="pt-head">
          <h2>{title}</h2>
          {facts === undefined ? null : <span className="pt-facts">{facts}</span>}
          <div className="pt-controls">{controls}</div>
          <Button small kind="quiet" icon="close" keys="Escape" aria-label={t('close')} onClick={onClose} />
        </header>
        {children === undefined ? null : <div className="pt-body">{children}</div>}
      </div>
    </Pane>
  )
}
