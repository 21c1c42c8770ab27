import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import './controls.css'

export interface Tab {
  readonly id: string
  readonly label: string
  /** Figure beside the label; undefined while it is not known. */
  readonly count?: string | undefined
}

/** Tabs of a view bar. `controls` is the id of what they switch. */
export function Tabs({
  label,
  tabs,
  selected,
  controls,
  onSelect,
}: {
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly selected: string | null
  readonly controls: string
  onSelect(id: string): void
}): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  const at = Math.max(
    0,
    tabs.findIndex(({ id }) => id === selected),
  )
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0 || tabs.length === 0) return
    event.preventDefault()
    const next = (at + step + tabs.length) % tabs.length
    const tab = tabs[next]
    if (tab) onSelect(tab.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
  }
  return (
    <div ref={list} className="wf-tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab, index) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === selected}
          aria-controls={controls}
          tabIndex={index === at ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
          {tab.count === undefined ? null : <i>{tab.count}</i>}
        </button>
      ))}
    </div>
  )
}
