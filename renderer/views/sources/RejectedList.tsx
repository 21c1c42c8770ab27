import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RejectedRecord } from '../../../shared/model/source.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { RawRecord } from '../../components/Marked.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { formatExact, formatMoment } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useSentence } from '../../i18n/use-sentence.ts'
import { useEngineNow } from '../../state/clock.ts'

const PAGE = 50

/** Records that could not be read: why, where they stand, and what they are. `names` gives a source's name by its id. */
export function RejectedList({
  source,
  names,
}: {
  readonly source: string | null
  readonly names: ReadonlyMap<string, string>
}): ReactNode {
  // Where each page begins; the newest one says where the next would.
  const [pages, setPages] = useState<readonly (string | null)[]>([null])
  return (
    <div className="so-rejected">
      {pages.map((after, index) => (
        <Page
          key={after ?? ''}
          source={source}
          after={after}
          names={names}
          last={index === pages.length - 1}
          onMore={(next) => setPages([...pages, next])}
        />
      ))}
    </div>
  )
}

function Page({
  source,
  after,
  names,
  last,
  onMore,
}: {
  readonly source: string | null
  readonly after: string | null
  readonly names: ReadonlyMap<string, string>
  readonly last: boolean
  onMore(after: string): void
}): ReactNode {
  const { t } = useTranslation('sources')
  const { value, error, loading, refresh } = useQuery('sources.rejected', { source, limit: PAGE, after })
  const next = value?.after ?? null
  return (
    <>
      <Loading waiting={loading && !value} />
      {error ? <ErrorState error={error} what={t('rejected.failed')} onRetry={refresh} /> : null}
      {value && value.records.length === 0 && after === null ? <p className="so-quiet">{t('rejected.none')}</p> : null}
      {value && value.records.length > 0 ? (
        <ul>
          {value.records.map((record, index) => (
            <Rejected
              key={`${record.source} ${record.origin} ${record.record ?? record.at} ${index}`}
              record={record}
              name={source === null ? (names.get(record.source) ?? record.source) : null}
            />
          ))}
        </ul>
      ) : null}
      {last && next !== null ? (
        <Button small kind="quiet" onClick={() => onMore(next)}>
          {t('rejected.more')}
        </Button>
      ) : null}
    </>
  )
}

function Rejected({ record, name }: { readonly record: RejectedRecord; readonly name: string | null }): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const sentence = useSentence()
  const now = useEngineNow()
  const [open, setOpen] = useState(false)
  const place = [
    record.record === null ? null : t('rejected.record', { number: format.number(record.record) }),
    record.offset === null ? null : t('rejected.offset', { offset: format.number(record.offset) }),
  ]
    .filter(Boolean)
    .join(' · ')
  return (
    <li>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'down' : 'right'} size={12} />
        <span className="so-reason">{sentence(record.reason)}</span>
        <em title={formatExact(record.at)}>{formatMoment(record.at, now)}</em>
        <span className="so-where ellipsis">
          {name === null ? null : <b>{visibleText(name)} </b>}
          <code title={visibleText(record.origin)}>{visibleText(record.origin)}</code> {place}
        </span>
        {open ? null : <code className="so-where ellipsis">{visibleText(record.raw.slice(0, 300))}</code>}
      </button>
      {open ? (
        <div className="so-raw">
          <RawRecord text={record.raw} label={t('rejected.raw')} />
          <p className="dim">
            {t(record.length > 65_536 ? 'rejected.cut' : 'rejected.length', { bytes: format.bytes(record.length) })}
          </p>
        </div>
      ) : null}
    </li>
  )
}
