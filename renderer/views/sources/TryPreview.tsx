import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OutputOf } from '../../client/types.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { ErrorState } from '../../components/States.tsx'
import { formatDateTime } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useSentence } from '../../i18n/use-sentence.ts'

const FIELDS = 6

/** What would become of the first records. */
export function TryPreview({
  value,
  error,
}: {
  readonly value: OutputOf<'sources.try'> | null
  readonly error: WatchfloorError | null
}): ReactNode {
  const { t } = useTranslation('sources')
  const sentence = useSentence()
  if (error) return <ErrorState error={error} what={t('try.failed')} />
  if (!value) return null
  return (
    <section className="so-try" aria-label={t('try.title')}>
      <p role="status">
        {value.problem !== null ? (
          <b className="so-fault">{sentence(value.problem)}</b>
        ) : (
          t(value.format === null ? 'try.unknown' : 'try.format', { format: value.format ?? '' })
        )}
      </p>
      {value.records.length === 0 ? (
        <p className="dim">{t('try.none')}</p>
      ) : (
        <ol>
          {value.records.map((record, index) => (
            <li key={index}>
              <code className="so-try-raw ellipsis" title={visibleText(record.raw.slice(0, 2000))}>
                {visibleText(record.raw.slice(0, 400))}
              </code>
              {record.event ? (
                <div className="so-try-event">
                  <span className="mono">{formatDateTime(record.event.time)}</span>
                  <b>{visibleText(record.event.type)}</b>
                  {Object.entries(record.event.fields)
                    .slice(0, FIELDS)
                    .map(([name, field]) => (
                      <span key={name}>
                        <em>{visibleText(name)}</em> <code>{visibleText(String(field).slice(0, 60))}</code>
                      </span>
                    ))}
                  {record.event.timeNote ? <span className="dim">{t(`note.${record.event.timeNote}`)}</span> : null}
                </div>
              ) : (
                <div className="so-try-event">
                  <span className="so-fault">
                    {record.rejected === null ? t('try.header') : t('try.rejected', { reason: sentence(record.rejected) })}
                  </span>
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
