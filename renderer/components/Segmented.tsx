import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import './controls.css'

export interface Segment<T extends string> {
  readonly value: T
  readonly label: ReactNode
  /** Whole wording where the label is short. */
  readonly title?: string
  /** The key that chooses it, shown before the label. */
  readonly keyHint?: string
}

/** One of a few, all visible. Arrows move the choice, as in a radio group. */
export function Segmented<T extends string>({
  label,
  segments,
  value,
  onChange,
  disabled = false,
}: {
  readonly label: string
  readonly segments: readonly Segment<NoInfer<T>>[]
  readonly value: T | null
  readonly disabled?: boolean
  onChange(value: NoInfer<T>): void
}): ReactNode {
  const group = useRef<HTMLDivElement>(null)
  const chosen = segments.findIndex((segment) => segment.value === value)
  const move = (event: KeyboardEvent): void => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = (Math.max(chosen, 0) + step + segments.length) % segments.length
    const segment = segments[next]
    if (segment) onChange(segment.value)
    group.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div ref={group} className="wf-seg" role="radiogroup" aria-label={label} onKeyDown={move}>
      {segments.map((segment, index) => (
        <button
          key={segment.value}
          type="button"
          role="radio"
          aria-checked={segment.value === value}
          tabIndex={index === Math.max(chosen, 0) ? 0 : -1}
          title={segment.title}
          disabled={disabled}
          onClick={() => onChange(segment.value)}
        >
          {segment.keyHint ? <kbd aria-hidden="true">{segment.keyHint}</kbd> : null}
          {segment.label}
        </button>
      ))}
    </div>
  )
}
