import type { ReactNode } from 'react'
import { Field } from '../../../../components/Field.tsx'

/** A path or a time that is typed; empty is what the note says. */
export function TypedField({
  label,
  note,
  problem = null,
  value,
  longest = 4096,
  onChange,
}: {
  readonly label: string
  readonly note?: string
  readonly problem?: string | null
  readonly value: string
  /** Characters. */
  readonly longest?: number
  onChange(value: string): void
}): ReactNode {
  return (
    <Field label={label} note={note} problem={problem}>
      {(control) => (
        <input
          {...control}
          className="wf-input mono"
          value={value}
          maxLength={longest}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
