/** What the figures count and the citations name. */
import { IMPACTS } from '../../../../shared/model/impact.ts'
import type { Block, Figure, Row, Run, Section } from '../../../../shared/model/report.ts'
import { code, strong, text, type Making } from '../making.ts'
import type { SourceAlert } from '../report-source.ts'
import { dateTime } from '../words.ts'

export const ENTITIES = 'entity_rows'
const RESULTS = [...IMPACTS].reverse()
type Result = (typeof RESULTS)[number] | 'unverified'
const resultOf = ({ impact }: SourceAlert): Result => impact?.result ?? 'unverified'
const anchorOf = (result: Result): string => `alerts_${result}`

/** Alerts by what became of them, the worst first. */
export function alertsSection(making: Making): Section | null {
  const { source, words } = making
  if (source.alerts.length === 0) return null
  const blocks: Block[] = []
  for (const { result, alerts } of byResult(source.alerts)) {
    blocks.push({ kind: 'heading', level: 2, anchor: null, text: capital(words(`impact.${result}`)) })
    blocks.push({
      kind: 'table',
      anchor: anchorOf(result),
      heads: true,
      columns: [
        { head: words('alerts.id'), align: 'left', share: 1.1 },
        { head: words('alerts.what'), align: 'left', share: 3.7 },
        { head: words('alerts.pair'), align: 'left', share: 2.5 },
        { head: words('alerts.times'), align: 'left', share: 2.05 },
        { head: words('alerts.verdict'), align: 'left', share: 1.5 },
      ],
      rows: alerts.map((alert) => rowOf(alert, making)),
    })
  }
  return { anchor: 'alerts', title: words('section.alerts'), blocks }
}

/** All alerts, and of each result. */
export function alertFigures({ source, words }: Making): Figure[] {
  const groups = byResult(source.alerts)
  const counts = groups.map(({ result }) => anchorOf(result))
  return [
    { label: words('figure.alerts'), value: source.alerts.length, counts },
    ...groups.map(({ result, alerts }) => ({
      label: words(`impact.${result}`),
      value: alerts.length,
      counts: [anchorOf(result)],
    })),
  ]
}

function byResult(all: readonly SourceAlert[]): { result: Result; alerts: SourceAlert[] }[] {
  return ([...RESULTS, 'unverified'] as const)
    .map((result) => ({ result, alerts: all.filter((alert) => resultOf(alert) === result) }))
    .filter(({ alerts }) => alerts.length > 0)
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

const endpoint = ({ ip, port, name }: SourceAlert['source']): string => {
  const place = name ?? ip ?? ''
  const address = name !== null && ip !== null && ip !== name ? `${place} (${ip})` : place
  return port === null ? address : address.includes(':') && name === null ? `[${address}]:${port}` : `${address}:${port}`
}

function rowOf(alert: SourceAlert, making: Making): Row {
  const { words } = making
  const what: Run[] = [strong(alert.title), text(`\n${words(`detection.${alert.kind}`)} `), code(alert.detection)]
  what.push(text(`, ${words(`severity.${alert.severity}`)}`))
  if (alert.count > 1) what.push(text(`, ${words('alerts.repeats', { count: alert.count })}`))
  if (alert.impact !== null) what.push(text(`\n${alert.impact.reason[making.language]}`))
  const pair = [alert.source, alert.destination].map(endpoint).filter((place) => place !== '')
  return {
    anchor: making.alertAnchor(alert.id),
    cells: [
      [code(`A-${alert.id}`)],
      what,
      pair.length === 0
        ? [code(alert.asset)]
        : pair.flatMap((place, index) => (index === 0 ? [code(place)] : [text('\n'), code(place)])),
      [code(dateTime(alert.first)), ...(alert.last === alert.first ? [] : [text('\n'), code(dateTime(alert.last))])],
      [text(alert.verdict === null ? words('alerts.undecided') : words(`verdict.${alert.verdict}`))],
    ],
  }
}

export function entitiesSection({ source, words }: Making): Section | null {
  if (source.entities.length === 0) return null
  const rows = source.entities.map((entity): Row => ({
    anchor: null,
    cells: [
      [text(words(`entity.${entity.kind}`))],
      [code(entity.value), ...(entity.label === '' || entity.label === entity.value ? [] : [text(` ${entity.label}`)])],
      [text(words(`role.${entity.role}`))],
      [text(entity.zone)],
      [text(entity.note)],
    ],
  }))
  const columns = [
    { head: words('entities.kind'), align: 'left' as const, share: 1 },
    { head: words('entities.value'), align: 'left' as const, share: 3.4 },
    { head: words('entities.role'), align: 'left' as const, share: 1 },
    { head: words('entities.zone'), align: 'left' as const, share: 1.3 },
    { head: words('entities.note'), align: 'left' as const, share: 2.6 },
  ]
  return {
    anchor: 'entities',
    title: words('section.entities'),
    blocks: [{ kind: 'table', anchor: ENTITIES, heads: true, columns, rows }],
  }
}

/** To be made when everything that cites has been. */
export function citesSection({ cited, words }: Making): Section | null {
  if (cited.length === 0) return null
  return {
    anchor: 'cites',
    title: words('section.cites'),
    blocks: [
      {
        kind: 'table',
        anchor: 'cited_records',
        heads: true,
        columns: [
          { head: words('cites.what'), align: 'left', share: 2 },
          { head: words('cites.where'), align: 'left', share: 5 },
        ],
        rows: cited.map(({ anchor, chip, where }) => ({ anchor, cells: [[code(chip)], [text(where)]] })),
      },
    ],
  }
}
