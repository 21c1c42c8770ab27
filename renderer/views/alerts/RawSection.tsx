import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, Mark } from '../../../shared/model/alert.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { RawRecord } from '../../components/Marked.tsx'
import { PaneHead } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { rawSpans } from './raw-marks.ts'
import { useTriage } from './triage/TriageDialogs.tsx'
import { useCopyRaw } from './use-copy.ts'

/** The record as it came, with what matched marked in it. */
export function RawSection({
  alert,
  event,
  marks,
}: {
  readonly alert: Alert
  readonly event: string
  readonly marks: readonly Mark[]
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const { value, error, loading, refresh } = useQuery('events.get', { id: event })
  const shown = value?.id === event ? value : null
  const spans = useMemo(() => (shown ? rawSpans(shown.raw, marks) : []), [shown, marks])
  const copy = useCopyRaw(shown?.raw ?? null)
  const place = shown?.place
  return (
    <section className="al-section" aria-label={t('raw.title')}>
      <PaneHead title={t('raw.title')}>
        {place ? (
          <span className="ellipsis" title={visibleText(place.origin)}>
            {[
              visibleText(place.origin.split(/[\\/]/).at(-1) ?? place.origin),
              place.record === null ? null : t('raw.record', { figure: format.number(place.record) }),
              place.offset === null ? null : t('raw.offset', { figure: format.number(place.offset) }),
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
        ) : null}
        <Button small kind="quiet" keys="c" disabled={!shown} onClick={copy}>
          {t('raw.copy')}
        </Button>
        <Button small kind="quiet" keys="E" disabled={!shown} onClick={() => useTriage.setState({ open: 'keep', alert })}>
          {t('raw.keep')}
        </Button>
      </PaneHead>
      <Loading waiting={loading && shown === null} />
      {error && !shown ? <ErrorState error={error} what={t('raw.failed')} onRetry={refresh} /> : null}
      {shown ? <RawRecord text={shown.raw} spans={spans} label={t('raw.title')} /> : null}
    </section>
  )
}
