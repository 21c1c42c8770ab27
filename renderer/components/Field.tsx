import { useId, type ReactNode } from 'react'
import './controls.css'

export interface FieldControl {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': boolean
}

/** A control with its label above and its note, or what is wrong with it, below. Spread what `children` is given onto the control. */
export function Field({
  label,
  note,
  problem = null,
  className = '',
  children,
}: {
  readonly label: string
  readonly note?: string | undefined
  /** Takes the note's place. */
  readonly problem?: string | null
  readonly className?: string
  readonly children: (control: FieldControl) => ReactNode
}): ReactNode {
  const id = useId()
  const said = problem ?? note
  return (
    <div className={`wf-field ${className}`}>
      <label className="wf-field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': said ? `${id}-said` : undefined, 'aria-invalid': problem !== null })}
      {said ? (
        <span id={`${id}-said`} className={problem === null ? 'wf-field-note' : 'wf-field-problem'}>
          {said}
        </span>
      ) : null}
    </div>
  )
}
