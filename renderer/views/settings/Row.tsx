import { useId, type ReactNode } from 'react'

/** A part of the settings: its name and note on the left, its controls beside them. `wide`: below them, over the whole width. */
export function Row({
  title,
  note,
  wide = false,
  children,
}: {
  readonly title: string
  readonly note: string
  readonly wide?: boolean
  readonly children: ReactNode
}): ReactNode {
  const id = useId()
  return (
    <section className={wide ? 'settings-row settings-row-wide' : 'settings-row'} aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        <p>{note}</p>
      </div>
      <div className="settings-controls">{children}</div>
    </section>
  )
}

export function Check({
  label,
  checked,
  disabled = false,
  onChange,
}: {
  readonly label: string
  readonly checked: boolean
  readonly disabled?: boolean
  onChange(on: boolean): void
}): ReactNode {
  return (
    <label className="wf-check">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}
