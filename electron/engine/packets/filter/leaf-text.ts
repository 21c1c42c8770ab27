/** A test of a filter as a filter of its own: the dissectors are asked about it alone. */
import type { LeafTerm, Span } from './tree.ts'

/** Parentheses may stand before it, and of `any a < b < c` the first comparison before the second. */
const QUANTIFIED = /^[\s(]*(any|all)(?![\w.-])/

/** `text` is the filter that the term was read from. */
export function leafText(text: string, term: LeafTerm): string {
  const words = ({ start, end }: Span): string => text.slice(start, end)
  if (term.kind === 'test') return words(term.operand)
  const [, quantifier] = QUANTIFIED.exec(text.slice(term.start, term.left.start)) ?? []
  const before = quantifier === undefined ? '' : `${quantifier} `
  // `a not in {1}` is the opposite of this term.
  if (term.kind === 'in') return `${before}${words(term.left)} in ${words(term.set)}`
  return before + words({ start: term.left.start, end: term.right.end })
}
