/** The rule's text with what matched, line by line. */
import type { Mark } from '../../../shared/model/alert.ts'
import type { TextSpan } from '../../format/text.ts'

export interface RuleLine {
  /** 1-based. */
  readonly number: number
  readonly text: string
  /** Parts of the line that matched (UTF-16 offsets). */
  readonly spans: readonly TextSpan[]
  readonly marks: readonly Mark[]
}
export interface RuleText {
  readonly lines: readonly RuleLine[]
  /** Lines before and after that are not shown. */
  readonly before: number
  readonly after: number
  /** Marks that stand on no line. */
  readonly loose: readonly Mark[]
}

/** The value on a YAML line: what stands after `- ` and `key: `. */
function valueSpan(line: string): TextSpan {
  const match = /^\s*(?:- )*\s*(?:(?:"[^"]*"|'[^']*'|[^\s'"#:][^#:]*?)\s*:(?:\s+|$))?/.exec(line)
  const start = match ? match[0].length : 0
  const end = line.trimEnd().length
  return start < end ? { start, end } : { start: line.length - line.trimStart().length, end }
}

/** Shows only the `detection:` part of a Sigma rule, unless `whole` or there is none. */
export function ruleText(text: string, marks: readonly Mark[], whole: boolean): RuleText {
  const all = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n')
  const begin = all.findIndex((line) => /^detection\s*:/.test(line))
  let from = 0
  let to = all.length
  if (!whole && begin >= 0) {
    from = begin
    const next = all.findIndex((line, index) => index > begin && /^[^\s#-]/.test(line))
    to = next < 0 ? all.length : next
    while (to > from + 1 && (all[to - 1] ?? '').trim() === '') to -= 1
  }
  const lines = all.slice(from, to).map((line, index): RuleLine => {
    const number = from + index + 1
    const found = marks.filter((mark) => mark.line === number)
    return { number, text: line, spans: found.length > 0 ? [valueSpan(line)] : [], marks: found }
  })
  const shown = new Set(lines.flatMap((line) => line.marks))
  return { lines, before: from, after: all.length - to, loose: marks.filter((mark) => !shown.has(mark)) }
}

export interface Excerpt {
  readonly text: string
  readonly span: TextSpan
}

/** The matched part of a value with some of what stands around it, at most about `most` characters. */
export function excerpt({ value, start, end }: Pick<Mark, 'value' | 'start' | 'end'>, most = 48): Excerpt {
  const from = Math.max(0, Math.min(start, value.length))
  const to = Math.max(from, Math.min(end, value.length))
  if (value.length <= most) return { text: value, span: { start: from, end: to } }
  const matched = Math.min(to - from, most)
  const room = most - matched
  const begin = Math.max(0, Math.min(from - Math.floor(room / 3), value.length - most))
  const cut = value.slice(begin, begin + most)
  const head = begin > 0 ? '…' : ''
  const tail = begin + most < value.length ? '…' : ''
  return { text: head + cut + tail, span: { start: from - begin + head.length, end: Math.min(to - begin, most) + head.length } }
}
