import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { EmptyState } from '../../components/States.tsx'
import { formatMoment } from '../../format/time.ts'
import { engineNow } from '../../state/clock.ts'
import type { QueueTab } from './queue-view.ts'

export interface QueueEmptyProps {
  readonly tab: QueueTab
  /** Something may be hidden by the filter or the span. */
  readonly filtered: boolean
  readonly following: boolean
  /** When the newest alert was raised. */
  readonly last: string | null
  onClear(): void
  onFollow(): void
}

/** What stands where there are no alerts. */
export function QueueEmpty({ tab, filtered, following, last, onClear, onFollow }: QueueEmptyProps): ReactNode {
  const { t } = useTranslation('alerts')
  if (filtered)
    return <EmptyState actions={<Button onClick={onClear}>{t('empty.clear')}</Button>}>{t('empty.filtered')}</EmptyState>
  return (
    <EmptyState
      actions={
        following ? null : (
          <Button keys="f" onClick={onFollow}>
            {t('arrival.follow')}
          </Button>
        )
      }
    >
      {t(tab.name === null ? `empty.${tab.id}` : 'empty.filtered')}{' '}
      {last ? t('empty.last', { time: formatMoment(last, engineNow()) }) : null}
    </EmptyState>
  )
}
