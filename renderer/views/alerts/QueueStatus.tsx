import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../shared/model/alert.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useFormat } from '../../i18n/use-format.ts'
import { endName } from './ends.ts'
import type { Queue } from './queue.ts'
import { useShownRange } from './shown-range.ts'

export interface QueueStatusProps {
  readonly queue: Queue
  /** The alert that is looked at. */
  readonly shown: Alert | null
  readonly grouped: boolean
  /** How many are marked. */
  readonly marked: number
}

/** What the status bar says of the queue. */
export function QueueStatus({ queue, shown, grouped, marked }: QueueStatusProps): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const { first, last } = useShownRange()
  const same = useMemo(() => {
    if (!shown) return 0
    const source = endName(shown.source)
    return queue.rows.filter(
      (alert) =>
        alert.id !== shown.id &&
        ((source !== null && endName(alert.source) === source) || (shown.asset !== '' && alert.asset === shown.asset)),
    ).length
  }, [queue.rows, shown])
  return (
    <StatusItems>
      {same > 0 ? (
        <span>
          <i className="al-samebar" />
          {t('status.same', { count: same, figure: format.number(same) })}
        </span>
      ) : null}
      {grouped && queue.after !== null ? (
        <span>{t('status.grouped', { figure: format.number(queue.rows.length), of: format.number(queue.total) })}</span>
      ) : null}
      {marked > 0 ? <span>{t('status.marked', { count: marked, figure: format.number(marked) })}</span> : null}
      {last >= 0 ? (
        <span>
          {t('status.range', {
            from: format.number(first + 1),
            to: format.number(last + 1),
            of: format.number(queue.total),
          })}
        </span>
      ) : null}
    </StatusItems>
  )
}
