import type { ComponentPropsWithRef, ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import { Kbd, keyText } from './Kbd.tsx'
import './controls.css'

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children'> {
  readonly children?: ReactNode
  /** One primary per pane, naming its consequence. */
  readonly kind?: 'plain' | 'quiet' | 'primary'
  readonly small?: boolean
  readonly icon?: IconName
  /** Alone, the icon needs an `aria-label`. */
  readonly iconOnly?: boolean
  /** Its shortcut, shown on it. */
  readonly keys?: string
  /** A menu or popover opens below it. */
  readonly opens?: boolean
}

export function Button({
  children,
  kind = 'plain',
  small = false,
  icon,
  iconOnly = false,
  keys,
  opens = false,
  className = '',
  type = 'button',
  ...rest
}: ButtonProps): ReactNode {
  const names = [
    'wf-btn',
    kind === 'plain' ? '' : `wf-btn-${kind}`,
    small ? 'wf-btn-small' : '',
    iconOnly ? 'wf-btn-icon' : '',
    className,
  ]
  const label = rest['aria-label']
  // What can be read on it must be in its name.
  const name = label !== undefined && keys !== undefined && keys.length > 1 ? { 'aria-label': `${label}, ${keyText(keys)}` } : {}
  return (
    <button
      type={type}
      className={names.filter(Boolean).join(' ')}
      aria-keyshortcuts={keys?.replace('Ctrl', 'Control')}
      {...rest}
      {...name}
    >
      {icon ? <Icon name={icon} size={small ? 14 : 16} /> : null}
      {children}
      {keys ? <Kbd keys={keys} silent /> : null}
      {opens ? <Icon name="down" size={12} /> : null}
    </button>
  )
}
