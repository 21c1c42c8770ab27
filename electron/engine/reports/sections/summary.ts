/** What happened, in short: the text, the facts, when each phase was reached, and figures with what they count. */
import { PHASES } from '../../../../shared/model/incident.ts'
import type { Block, Figure, Row, Runs, Section } from '../../../../shared/model/report.ts'
import { aside, code, paragraphs, strong, text, type Making } from '../making.ts'
import type { WordKey } from '../words.ts'
import { dateTime, duration } from '../words.ts'

export function summarySection(making: Making, figures: readonly Figure[]): Section {
  const { source, words } = making
  const blocks: Block[] = paragraphs(making.said(source.summary)).map((paragraph) => ({
    kind: 'paragraph',
    tone: 'plain',
    step: null,
    runs: [text(paragraph)],
  }))
  if (blocks.length === 0) blocks.push(aside(words('summary.none')))
  blocks.push(facts(making), heading(words('summary.figures')), { kind: 'figures', figures: [...figures] })
  blocks.push(heading(words('summary.times')), times(making), ...redaction(making))
  return { anchor: 'summary', title: words('section.summary'), blocks }
}

const heading = (title: string): Block => ({ kind: 'heading', level: 2, anchor: null, text: title })

function facts({ source, words }: Making): Block {
  const rows: Row[] = []
  const add = (key: WordKey, runs: Runs): void => {
    rows.push({ anchor: null, cells: [[text(words(key))], [...runs]] })
  }
  add('summary.severity', [strong(words(`severity.${source.severity}`))])
  add('summary.impact', [strong(words(`impact.${source.impact ?? 'unverified'}`))])
  add('summary.status', [text(words(`status.${source.status}`))])
  add('summary.customer', [text(source.customer ?? words('summary.unknown'))])
  add('summary.owner', [text(source.owner ?? words('summary.unknown'))])
  const techniques = source.attack.flatMap(({ id, name }, index) => [
    ...(index === 0 ? [] : [text(', ')]),
    code(id),
    ...(name === '' ? [] : [text(` ${name}`)]),
  ])
  if (techniques.length > 0) add('summary.attack', techniques)
  return {
    kind: 'table',
    anchor: null,
    heads: false,
    columns: [
      { head: '', align: 'left', share: 1 },
      { head: '', align: 'left', share: 4 },
    ],
    rows,
  }
}

function times({ source, words }: Making): Block {
  let before: string | null = null
  const rows = PHASES.map((phase): Row => {
    const time = source.times[phase]
    const since = time === null || before === null ? null : duration(before, time, words)
    before = time ?? before
    return {
      anchor: null,
      cells: [
        [text(words(`phase.${phase}`))],
        [time === null ? text(words('summary.notReached')) : code(dateTime(time))],
        since === null ? [] : [text(since)],
      ],
    }
  })
  return {
    kind: 'table',
    anchor: null,
    heads: true,
    columns: [
      { head: words('summary.phase'), align: 'left', share: 2 },
      { head: words('summary.time'), align: 'left', share: 3 },
      { head: words('summary.since'), align: 'right', share: 3 },
    ],
    rows,
  }
}

const LEFT_OUT = ['entries', 'alerts', 'entities', 'route', 'actions', 'evidence', 'notes'] as const

/** What a customer does not get, in numbers. */
function redaction({ redacted, words }: Making): Block[] {
  if (redacted === null) return []
  const count = (key: 'masked' | (typeof LEFT_OUT)[number], value: number): string[] =>
    value === 0 ? [] : [words(value === 1 ? `redaction.${key}.one` : `redaction.${key}.many`, { count: value })]
  const sentences = [
    words('redaction.marking', { tlp: redacted.tlp }),
    ...LEFT_OUT.flatMap((part) => count(part, redacted.leftOut[part])),
    ...count('masked', redacted.masked),
  ]
  return [aside(sentences.join(' '))]
}
