import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { clockOf } from '../../../format/time.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import type { Span } from '../page-state.ts'
import type { FilterRunState } from './use-filter-run.ts'

/** How many rows there are, of which filter, how long it took; while it runs how far it is. */
export function FilterNote({
  run,
  filter,
  span,
  total,
  packets,
  onAll,
}: {
  readonly run: FilterRunState
  readonly filter: string
  readonly span: Span
  readonly total: number
  readonly packets: number
  onAll(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const { shown, running, error } = run
  const share = shown.of > 0 ? shown.scanned / shown.of : 0
  const of = { shown: format.number(total), of: format.number(packets) }
  return (
    <>
      {span.from !== null || span.to !== null ? (
        <span className="pk-span">
          {span.from === null ? '' : clockOf(span.from * 1000).time} – {span.to === null ? '' : clockOf(span.to * 1000).time}
          <Button small kind="quiet" iconOnly icon="close" aria-label={t('filter.allTime')} onClick={onAll} />
        </span>
      ) : null}
      {error?.code === 'query_syntax' && shown.filter !== filter ? (
        <span>
          {t('filter.lastValid')} <code>{shown.filter === '' ? t('filter.none') : visibleText(shown.filter)}</code>
        </span>
      ) : null}
      {running ? (
        <span className="pk-running">
          <i
            className="pk-progress"
            role="progressbar"
            aria-label={t('filter.running')}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
          >
            <i style={{ width: `${share * 100}%` }} />
          </i>
          {t('filter.progress', {
            matched: format.number(shown.matched ?? 0),
            scanned: format.number(shown.scanned),
            of: format.number(shown.of),
          })}
          <Button small kind="quiet" keys="Escape" onClick={run.stop}>
            {t('filter.stop')}
          </Button>
        </span>
      ) : shown.view === null ? (
        <span>{t('bar.packets', { count: packets, figure: format.number(packets) })}</span>
      ) : (
        <span>
          {t('filter.matched', of)}
          {shown.took === null ? ` · ${t('filter.stopped')}` : ` · ${(shown.took / 1000).toFixed(2)} s`}
        </span>
      )}
    </>
  )
}
