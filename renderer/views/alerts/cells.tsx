/** Cells of the queue. Each draws only what its row object says; ages read the one clock. */
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TECHNIQUES, parentTechnique } from '../../../shared/attack/techniques.ts'
import type { ICellRendererParams } from '../../components/Grid.tsx'
import { Icon } from '../../components/Icon.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { Sparkline } from '../../components/Spark.tsx'
import { ImpactBadge, VerdictLabel } from '../../components/Verdict.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, secondsSince } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { toggleMarks, useDesk } from './desk.ts'
import { endName, endsOf, initials } from './ends.ts'
import { EndText } from './EndText.tsx'
import type { AlertRow, QueueRow } from './groups.ts'

export interface QueueContext {
  readonly operator: string | null
  /** Marks from the anchor to this row. */
  extendTo(id: string): void
  toggleGroup(id: string): void
}
type Params = ICellRendererParams<QueueRow, unknown, QueueContext>
type Draw = (row: AlertRow, context: QueueContext) => ReactNode

/** A cell for alert rows; group heads are drawn over the whole width. */
const cell = (draw: Draw): ((params: Params) => ReactNode) =>
  function AlertCell({ data, context }: Params): ReactNode {
    return data?.kind === 'alert' ? draw(data, context) : null
  }

/** Ends in common with the row under the cursor: the same source, or the same asset. */
const related = (row: AlertRow, other: AlertRow | undefined): boolean => {
  if (!other || other.id === row.id) return false
  const source = endName(row.alert.source)
  return (
    (source !== null && source === endName(other.alert.source)) ||
    (row.alert.asset !== '' && row.alert.asset === other.alert.asset)
  )
}

const Mark = memo(function Mark({
  row,
  extendTo,
  rowOf,
}: {
  readonly row: AlertRow
  extendTo(id: string): void
  rowOf(id: string): QueueRow | undefined
}): ReactNode {
  const { t } = useTranslation('alerts')
  const same = useDesk(({ current }) => {
    const other = current === null ? undefined : rowOf(current)
    return related(row, other?.kind === 'alert' ? other : undefined)
  })
  return (
    <>
      {same ? <i className="al-same" /> : null}
      <span
        className={row.marked ? 'al-check on' : 'al-check'}
        role="checkbox"
        aria-checked={row.marked}
        aria-label={t('mark', { title: visibleText(row.alert.title) })}
        onClick={(event) => {
          event.stopPropagation()
          if (event.shiftKey) extendTo(row.id)
          else toggleMarks([row.id])
        }}
      >
        {row.marked ? <Icon name="check" size={12} /> : null}
      </span>
    </>
  )
})

/** What is not verified yet says nothing. */
export const ImpactCell = cell(({ alert }) => (alert.impact === null ? null : <ImpactBadge impact={alert.impact.result} />))

export function MarkCell({ data, context, api }: Params): ReactNode {
  if (data?.kind !== 'alert') return null
  return <Mark row={data} extendTo={context.extendTo} rowOf={(id) => api.getRowNode(id)?.data} />
}

export const SeverityCell = cell(({ alert }) => <SeverityGlyph severity={alert.severity} />)
export const KindCell = cell(({ alert }) => <Kind kind={alert.kind} />)
/** The word of the query language; what it stands for on hover. */
function Kind({ kind }: { readonly kind: AlertRow['alert']['kind'] }): ReactNode {
  const { t } = useTranslation('alerts')
  return (
    <span className="al-kind" title={t(`kind.${kind}`)}>
      {kind}
    </span>
  )
}

export const TitleCell = cell(({ alert }) => <Title alert={alert} />)
function Title({ alert }: { readonly alert: AlertRow['alert'] }): ReactNode {
  const title = visibleText(alert.title)
  return (
    <span className="al-title">
      <span className="ellipsis" title={title}>
        {title}
      </span>
      {alert.state === 'decided' && alert.verdict ? <VerdictLabel verdict={alert.verdict} short /> : null}
      {alert.state === 'snoozed' && alert.snoozedUntil ? <Snoozed until={alert.snoozedUntil} /> : null}
    </span>
  )
}
function Snoozed({ until }: { readonly until: string }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  return <em title={formatExact(until)}>{t('snoozedFor', { age: format.age(-secondsSince(until, now)) })}</em>
}

export const CountCell = cell(({ alert }) => <Count value={alert.count} />)
function Count({ value }: { readonly value: number }): ReactNode {
  const format = useFormat()
  return <span className="al-count">{format.number(value)}</span>
}

export const SparkCell = cell(({ alert }) => <Sparkline counts={alert.spark} width={46} />)

export const EndsCell = cell(({ alert }) => {
  const { from, to } = endsOf(alert)
  return (
    <span
      className="al-ends"
      title={[from, to]
        .map((end) => [end.name, end.ip, end.port].filter((part) => part !== null).join(' '))
        .filter(Boolean)
        .map(visibleText)
        .join(' → ')}
    >
      <EndText end={{ ...from, port: null }} />
      {endName(to) === null ? null : <Icon name="arrow" size={12} />}
      <EndText end={to} />
    </span>
  )
})

export const TacticCell = cell(({ alert }) => <Tactic attack={alert.attack} />)
function Tactic({ attack }: { readonly attack: readonly string[] }): ReactNode {
  const { t } = useTranslation()
  const tactics = attack.filter((id) => /^TA\d{4}$/.test(id)).map((id) => t(`tactic.${id}`, { defaultValue: id }))
  return (
    <span className="al-tactic ellipsis" title={tactics.join(', ')}>
      {tactics[0] ?? ''}
    </span>
  )
}

export const AttackCell = cell(({ alert }) => <Attack attack={alert.attack} />)
/** Where only a tactic is known, its name; all of it on hover. */
function Attack({ attack }: { readonly attack: readonly string[] }): ReactNode {
  const { t } = useTranslation()
  const nameOf = (id: string): string =>
    TECHNIQUES.get(id)?.name ?? (/^TA\d{4}$/.test(id) ? t(`tactic.${id}`, { defaultValue: '' }) : '')
  const named = attack.find((id) => /^T\d{4}/.test(id))
  // Without its part: there is no room for it.
  const technique = named === undefined ? '' : parentTechnique(named)
  const title = attack.map((id) => `${id} ${nameOf(id)}`.trimEnd()).join(', ')
  return technique === '' && attack[0] !== undefined ? (
    <span className="al-tactic ellipsis" title={visibleText(title)}>
      {visibleText(nameOf(attack[0]) || attack[0])}
    </span>
  ) : (
    <span className="al-attack" title={visibleText(title)}>
      {visibleText(technique)}
    </span>
  )
}

export const AgeCell = cell(({ alert }) => <Age iso={alert.last} />)
function Age({ iso }: { readonly iso: string }): ReactNode {
  const format = useFormat()
  const now = useEngineNow()
  return (
    <time className="al-age" dateTime={iso} title={formatExact(iso)}>
      {format.age(secondsSince(iso, now))}
    </time>
  )
}

export const OwnerCell = cell(({ alert }, { operator }) => (
  <Owner name={alert.owner} own={alert.owner !== null && alert.owner === operator} />
))
export function Owner({ name, own }: { readonly name: string | null; readonly own: boolean }): ReactNode {
  const { t } = useTranslation('alerts')
  if (name === null)
    return (
      <span className="al-unowned" aria-label={t('unowned')}>
        ·
      </span>
    )
  return (
    <b className={own ? 'al-avatar you' : 'al-avatar'} role="img" aria-label={visibleText(name)} title={visibleText(name)}>
      {initials(name)}
    </b>
  )
}

/** The head of a group, over the whole width. */
export function GroupHead({ data, context }: Params): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  if (data?.kind !== 'group') return null
  return (
    <div className="al-group" role="gridcell" onClick={() => context.toggleGroup(data.id)}>
      <button type="button" tabIndex={-1} aria-expanded={!data.closed} aria-label={t(data.closed ? 'group.open' : 'group.close')}>
        <Icon name={data.closed ? 'right' : 'down'} size={14} />
      </button>
      <SeverityGlyph severity={data.severity} size={14} />
      <b className="ellipsis">{data.label === '' ? t('group.unnamed') : visibleText(data.label)}</b>
      <span>{t('group.alerts', { count: data.alerts, figure: format.number(data.alerts) })}</span>
      <span>{t('group.events', { count: data.events, figure: format.number(data.events) })}</span>
    </div>
  )
}
