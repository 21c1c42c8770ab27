import type { ReactNode } from 'react'
import { Field } from '../../../../components/Field.tsx'

/** A path that is typed; empty is the place that the note names. */
export function PathField({
  label,
  note,
  value,
  onChange,
}: {
  readonly label: string
  readonly note?: string
  readonly value: string
  onChange(value: string): void
}): ReactNode {
  return (
    <Field label={label} note={note}>
      {(control) => (
        <input
          {...control}
          className="wf-input mono"
          value={value}
          maxLength={4096}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
