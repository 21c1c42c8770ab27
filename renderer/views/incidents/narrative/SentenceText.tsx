import { useMemo, type ReactNode } from 'react'
import type { Entity } from '../../../../shared/model/incident.ts'
import { Marked } from '../../../components/Marked.tsx'

/** More names than these are not looked for in one sentence. */
const MOST_NAMES = 300

/** Finds names of entities, and what stands between backticks. A particle of Korean may follow a name. */
export function sentencePattern(entities: readonly Entity[]): RegExp {
  const names = [...new Set(entities.slice(0, MOST_NAMES).flatMap(({ value, label }) => [value, label]))]
    .filter((name) => name.length > 1)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`))
  const one = names.length === 0 ? '' : `|(?<![A-Za-z0-9_.-])(?:${names.join('|')})(?![A-Za-z0-9_-])`
  return new RegExp(`\`[^\`\n]{1,400}\`${one}`, 'g')
}

/** A sentence as text; names of entities stand out, what stands between backticks is code. */
export function SentenceText({ text, pattern }: { readonly text: string; readonly pattern: RegExp }): ReactNode {
  return useMemo(() => {
    const pieces: ReactNode[] = []
    let at = 0
    for (const match of text.matchAll(pattern)) {
      if (match.index > at) pieces.push(<Marked key={at} text={text.slice(at, match.index)} />)
      const found = match[0]
      pieces.push(
        found.startsWith('`') ? (
          <code key={`c${match.index}`}>
            <Marked text={found.slice(1, -1)} />
          </code>
        ) : (
          <b key={`b${match.index}`}>
            <Marked text={found} />
          </b>
        ),
      )
      at = match.index + found.length
    }
    if (at < text.length) pieces.push(<Marked key={at} text={text.slice(at)} />)
    return pieces
  }, [text, pattern])
}
