import type { ReactNode } from 'react'
import type { LogSourceProblem } from '../../../../shared/log-source-contract.ts'
import { visibleText } from '../../../format/text.ts'

/** A text with line numbers; lines with problems are marked, and say them below. */
export function TextSheet({
  label,
  text,
  problems,
  fine,
  onChange,
}: {
  readonly label: string
  readonly text: string
  readonly problems: readonly LogSourceProblem[]
  /** Said where there are none. */
  readonly fine: string
  onChange(text: string): void
}): ReactNode {
  const lines = text.split('\n')
  const wrong = new Set(problems.map(({ line }) => line))
  return (
    <>
      <div className="rs-sheet">
        <div className="rs-gutter mono" aria-hidden="true">
          {lines.map((_, index) => (
            <i key={index} className={wrong.has(index + 1) ? 'rs-wrong' : ''}>
              {index + 1}
            </i>
          ))}
        </div>
        <textarea
          className="rs-area mono"
          value={text}
          rows={Math.max(lines.length, 12)}
          cols={lines.reduce((most, line) => Math.max(most, line.length + 2), 40)}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          aria-label={label}
          aria-invalid={problems.length > 0}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div className="rs-problems" role="status" aria-live="polite">
        {problems.length === 0 ? (
          <span className="dim">{fine}</span>
        ) : (
          <ul>
            {problems.map(({ line, column, message }, index) => (
              <li key={index}>
                <span className="mono">
                  {line}:{column}
                </span>{' '}
                {visibleText(message)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}
