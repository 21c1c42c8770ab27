import { useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react'
import { useBindings } from '../keys/use-keys.tsx'
import { Icon } from './Icon.tsx'
import { Kbd } from './Kbd.tsx'
import { Popover } from './Popover.tsx'

export interface MenuItem {
  readonly id: string
  readonly label: ReactNode
  readonly note?: ReactNode
  /** A key that chooses it while the menu is open, shown on it. */
  readonly keys?: string
  /** For one of several: whether it is the one. */
  readonly checked?: boolean
  readonly disabled?: boolean
  /** A line above it. */
  readonly rule?: boolean
  run(): void
}

/** A list of actions or choices below a control. Arrows, Home, End, the items' own keys; Esc closes. */
export function Menu({
  anchor,
  label,
  items,
  align,
  onClose,
}: {
  readonly anchor: RefObject<HTMLElement | null>
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly align?: 'start' | 'end'
  onClose(): void
}): ReactNode {
  return (
    <Popover anchor={anchor} label={label} role="menu" onClose={onClose} {...(align ? { align } : {})}>
      <Items items={items} onClose={onClose} />
    </Popover>
  )
}

function Items({ items, onClose }: { readonly items: readonly MenuItem[]; onClose(): void }): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  const choose = (item: MenuItem): void => {
    if (item.disabled) return
    onClose()
    item.run()
  }
  useBindings(
    items.filter(({ keys }) => keys !== undefined).map((item) => ({ keys: [item.keys ?? ''], run: () => choose(item) })),
  )
  const move = (event: KeyboardEvent): void => {
    const found = [...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
    const at = found.indexOf(document.activeElement as HTMLElement)
    const to =
      event.key === 'ArrowDown'
        ? (at + 1) % found.length
        : event.key === 'ArrowUp'
          ? (at - 1 + found.length) % found.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? found.length - 1
              : -1
    if (to < 0) return
    event.preventDefault()
    found[to]?.focus()
  }
  const initial = Math.max(
    0,
    items.findIndex((item) => item.checked),
  )
  return (
    <div ref={list} className="wf-menu" role="none" onKeyDown={move}>
      {items.map((item, index) => (
        <MenuRow key={item.id} item={item} first={index === initial} choose={choose} />
      ))}
    </div>
  )
}

function MenuRow({
  item,
  first,
  choose,
}: {
  readonly item: MenuItem
  readonly first: boolean
  choose(item: MenuItem): void
}): ReactNode {
  const choice = item.checked !== undefined
  return (
    <>
      {item.rule ? <hr /> : null}
      <button
        type="button"
        role={choice ? 'menuitemradio' : 'menuitem'}
        aria-checked={choice ? item.checked : undefined}
        aria-disabled={item.disabled}
        data-autofocus={first ? '' : undefined}
        onClick={() => choose(item)}
      >
        {choice ? <span className="wf-menu-mark">{item.checked ? <Icon name="check" size={14} /> : null}</span> : null}
        <span>{item.label}</span>
        {item.note === undefined ? null : <span className="wf-menu-note">{item.note}</span>}
        {item.keys ? (
          <span className="wf-menu-note">
            <Kbd keys={item.keys} />
          </span>
        ) : null}
      </button>
    </>
  )
}
