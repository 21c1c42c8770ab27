/** An error on the terminal, and the exit code for it. */
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { talk } from './define.ts'
import { terminalLine } from './terminal-text.ts'

/**
 * Says what is wrong: of a query or a filter with its text, a caret below the wrong word, and what may have been meant. 2 where the
 * command line was wrong, 1 otherwise.
 */
export function refuse(error: WatchfloorError, text = ''): number {
  talk(error.message)
  if (error.code !== 'query_syntax') return 1
  // What is hidden is written longer than it is.
  const before = terminalLine(text.slice(0, error.offset)).length
  const wrong = terminalLine(text.slice(error.offset, error.offset + error.length)).length
  talk(`  ${text}`)
  talk(`  ${' '.repeat(before)}${'^'.repeat(Math.max(1, wrong))}`)
  if (error.suggestions.length > 0) talk(`Perhaps: ${error.suggestions.join(', ')}`)
  return 2
}
