import { Fragment, type ReactNode } from 'react'
import './controls.css'

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Enter: '⏎', Space: 'Space', PageDown: 'PgDn', PageUp: 'PgUp',
}

/** A key or a sequence, spelt as in `keys.ts`: `Ctrl+K`, `g a`, `F6`. */
export function Kbd({ keys }: { readonly keys: string }): ReactNode {
  const caps = keys.split(' ').flatMap((key) => (key === '+' ? ['+'] : key.split('+')))
  return (
    <span className="wf-kbd">
      {caps.map((cap, index) => (
        <Fragment key={index}>
          <kbd>{NAMES[cap] ?? cap}</kbd>
        </Fragment>
      ))}
    </span>
  )
}
