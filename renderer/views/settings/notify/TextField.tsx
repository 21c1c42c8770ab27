import type { ReactNode } from 'react'
import { Field } from '../../../components/Field.tsx'

/** One line of text, or with `lines` several. */
export function TextField({
  label,
  value,
  problem = null,
  note,
  mono = false,
  lines,
  type = 'text',
  focus = false,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly problem?: string | null
  readonly note?: string
  readonly mono?: boolean
  readonly lines?: number
  readonly type?: 'text' | 'password'
  readonly focus?: boolean
  onChange(text: string): void
}): ReactNode {
  const className = mono ? 'wf-input mono' : 'wf-input'
  return (
    <Field label={label} problem={problem} note={note}>
      {(control) =>
        lines === undefined ? (
          <input
            {...control}
            type={type}
            className={className}
            value={value}
            spellCheck={false}
            autoComplete={type === 'password' ? 'new-password' : 'off'}
            data-autofocus={focus ? '' : undefined}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...control}
            className={`${className} no-lines`}
            rows={lines}
            value={value}
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  )
}
