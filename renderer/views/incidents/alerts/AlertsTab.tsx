import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../../shared/model/alert.ts'
import { Button } from '../../../components/Button.tsx'
import { Icon } from '../../../components/Icon.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { ImpactBadge, VerdictLabel } from '../../../components/Verdict.tsx'
import { navigate } from '../../../app/route.ts'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useEditor } from '../editor/editor-context.ts'
import { VirtualList } from '../panes/VirtualList.tsx'
import { alertWay } from '../ways.ts'
import type { IncidentAlerts } from './use-incident-alerts.ts'

const ROW = 28

/** The alerts of the incident with what verification says of each; they can be taken out, with a reason. */
export function AlertsTab({ alerts: of, onTakeOut }: { readonly alerts: IncidentAlerts; onTakeOut(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { incident } = useEditor()
  const alerts = of.alerts ?? []
  const merged = incident.mergedInto !== null
  const marked = alerts.filter(({ id }) => of.marked.has(id)).length
  return (
    <Pane label={t('pane.alerts')} className="in-pane in-alertspane">
      <PaneHead title={t('pane.alerts')}>
        <span>
          {t('alerts.count', { count: alerts.length, figure: format.number(alerts.length) })}
          {marked > 0 ? ` · ${t('alerts.marked', { count: marked, figure: format.number(marked) })}` : ''}
        </span>
        <Button small kind="quiet" keys="Delete" disabled={of.meant.length === 0 || merged} onClick={onTakeOut}>
          {t('alerts.takeOut')}
        </Button>
      </PaneHead>
      {of.error ? <ErrorState error={of.error} what={t('alerts.failed')} onRetry={of.refresh} /> : null}
      <Loading waiting={of.alerts === null && of.error === null} />
      {of.alerts !== null && alerts.length === 0 ? (
        <p className="in-none">{merged ? t('alerts.moved', { number: incident.mergedInto }) : t('alerts.empty')}</p>
      ) : (
        <VirtualList
          label={t('pane.alerts')}
          count={alerts.length}
          row={ROW}
          current={of.at}
          keyOf={(index) => alerts[index]?.id ?? String(index)}
          renderRow={(index) => {
            const alert = alerts[index]
            return alert ? <AlertRow alert={alert} marked={of.marked.has(alert.id)} onMark={of.mark} /> : null
          }}
          onCurrent={(index) => of.choose(alerts[index] ?? null)}
          onChoose={(index) => alerts[index] && navigate(alertWay(alerts[index].id))}
        />
      )}
    </Pane>
  )
}

const AlertRow = memo(function AlertRow({
  alert,
  marked,
  onMark,
}: {
  readonly alert: Alert
  readonly marked: boolean
  onMark(id: string): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  const title = visibleText(alert.title)
  return (
    <span className="in-alertrow">
      <span
        className={marked ? 'in-check on' : 'in-check'}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation()
          onMark(alert.id)
        }}
      >
        {marked ? <Icon name="check" size={12} /> : null}
      </span>
      {marked ? <span className="sr">{t('alerts.isMarked')}</span> : null}
      <ImpactBadge impact={alert.impact?.result ?? 'unverified'} />
      <SeverityGlyph severity={alert.severity} size={14} />
      <span className="in-chip" onClick={() => navigate(alertWay(alert.id))}>{`A-${alert.id}`}</span>
      <span className="ellipsis in-bright" title={title}>
        {title}
      </span>
      <span className="mono ellipsis">
        {visibleText(alert.source.name ?? alert.source.ip ?? '–')} →{' '}
        {visibleText(alert.destination.name ?? alert.destination.ip ?? '–')}
      </span>
      <span>
        {alert.verdict ? <VerdictLabel verdict={alert.verdict} short /> : <em className="in-quiet">{t('alerts.undecided')}</em>}
      </span>
      <span className="in-num">{format.number(alert.count)}</span>
      <time className="mono" title={formatExact(alert.first)}>
        {formatMoment(alert.first, now)}
      </time>
    </span>
  )
})
