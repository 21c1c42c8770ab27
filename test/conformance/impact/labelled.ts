/** What a labelled case is, and how the set is counted. Labels are written down before the case is run, from what its evidence carries. */
import { IMPACTS, type Impact } from '../../../shared/model/impact.ts'

/** What somebody who reads all of the evidence says of the attempt. */
export const LABELS = ['succeeded', 'failed', 'blocked', 'unknown'] as const
export type Label = (typeof LABELS)[number]

export interface Labelled {
  readonly id: string
  readonly label: Label
  /** Why the label is this one, in a sentence. */
  readonly why: string
}

export interface Judged extends Labelled {
  readonly result: Impact
  readonly reason: string
}

export interface Measured {
  readonly cases: number
  readonly positive: number
  readonly counts: Readonly<Record<Label, Readonly<Record<Impact, number>>>>
  /** Of those said to have succeeded, how many did. */
  readonly precision: number
  /** Of those that succeeded, how many were said to have; and with `likely` counted as well. */
  readonly recall: number
  readonly recallWithLikely: number
}

export function measure(judged: readonly Judged[]): Measured {
  const of = (label: Label, result: Impact): number => judged.filter((one) => one.label === label && one.result === result).length
  const row = (label: Label): Record<Impact, number> => ({
    succeeded: of(label, 'succeeded'),
    likely: of(label, 'likely'),
    attempted: of(label, 'attempted'),
    failed: of(label, 'failed'),
    blocked: of(label, 'blocked'),
  })
  const counts = { succeeded: row('succeeded'), failed: row('failed'), blocked: row('blocked'), unknown: row('unknown') }
  const positive = judged.filter(({ label }) => label === 'succeeded').length
  const said = judged.filter(({ result }) => result === 'succeeded').length
  const right = counts.succeeded.succeeded
  return {
    cases: judged.length,
    positive,
    counts,
    precision: said === 0 ? 1 : right / said,
    recall: positive === 0 ? 1 : right / positive,
    recallWithLikely: positive === 0 ? 1 : (right + counts.succeeded.likely) / positive,
  }
}

const WORDS: Readonly<Record<Impact, string>> = {
  succeeded: 'succeeded',
  likely: 'likely succeeded',
  attempted: 'attempted (unknown)',
  failed: 'failed',
  blocked: 'blocked',
}
/** Cut, never rounded up to a bound that was not reached. */
const cut = (value: number): string => (Math.floor(value * 1000) / 1000).toFixed(3)

/** The confusion matrix as a table of Markdown, with the figures below it. */
export function matrixOf({ cases, positive, counts, precision, recall, recallWithLikely }: Measured): string {
  const rows = [
    ['label \\ result', ...IMPACTS.map((one) => WORDS[one])],
    ...LABELS.map((label) => [label, ...IMPACTS.map((one) => String(counts[label][one]))]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [
    line(rows[0]!),
    rule,
    ...rows.slice(1).map(line),
    '',
    `${cases} cases, ${cases - positive} of them negative. Of "succeeded": precision ${cut(precision)}, recall ${cut(recall)} (${cut(recallWithLikely)} with "likely succeeded").`,
  ].join('\n')
}

export const BEGIN = '<!-- impact matrix: begin -->'
export const END = '<!-- impact matrix: end -->'

/** What stands between the two marks of a text; null where they are not there. */
export function markedPart(text: string): string | null {
  const from = text.indexOf(BEGIN)
  const to = text.indexOf(END, from)
  return from < 0 || to < 0 ? null : text.slice(from + BEGIN.length, to).trim()
}
export function withMarkedPart(text: string, part: string): string {
  const from = text.indexOf(BEGIN)
  const to = text.indexOf(END, from)
  if (from < 0 || to < 0) throw new RangeError('the marks of the impact matrix are missing')
  return `${text.slice(0, from + BEGIN.length)}\n\n${part}\n\n${text.slice(to)}`
}
