import { Fragment, type ReactNode } from 'react'
import './controls.css'

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: '⏎',
  Space: 'Space',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
}

/** A key as it is printed on the caps: `Esc`, `Ctrl K`. */
export const keyText = (keys: string): string =>
  keys
    .split(/[ +]/)
    .map((cap) => NAMES[cap] ?? cap)
    .join(' ')

/** A key or a sequence, spelt as in `keys.ts`: `Ctrl+K`, `g a`, `F6`. */
export function Kbd({
  keys,
  silent = false,
}: {
  readonly keys: string
  /** On a control that has `aria-keyshortcuts`. */
  readonly silent?: boolean
}): ReactNode {
  const caps = keys.split(' ').flatMap((key) => (key === '+' ? ['+'] : key.split('+')))
  return (
    <span className="wf-kbd" aria-hidden={silent || undefined}>
      {caps.map((cap, index) => (
        <Fragment key={index}>
          <kbd>{NAMES[cap] ?? cap}</kbd>
        </Fragment>
      ))}
    </span>
  )
}
