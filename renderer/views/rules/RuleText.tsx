import type { ReactNode } from 'react'
import { Marked } from '../../components/Marked.tsx'

/** The text of a rule file or a part of it, with numbers of lines from `first` on. */
export function RuleText({
  text,
  label,
  first = 1,
}: {
  readonly text: string
  readonly label: string
  readonly first?: number
}): ReactNode {
  return (
    <pre className="ru-text mono" tabIndex={0} role="region" aria-label={label}>
      {text
        .replace(/\r\n?/g, '\n')
        .replace(/\n+$/, '')
        .split('\n')
        .map((line, index) => (
          <div key={index}>
            <i aria-hidden="true">{index + first}</i>
            <span>
              <Marked text={line} />
            </span>
          </div>
        ))}
    </pre>
  )
}
