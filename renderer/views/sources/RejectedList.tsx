import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import type { RejectedRecord } from '../../../shared/model/source.ts'
import { useClient } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { RawRecord } from '../../components/Marked.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { formatExact, formatMoment } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'

const PAGE = 50

/** Records that could not be read: why, where they stand, and what they are. `names` gives a source's name by its id. */
export function RejectedList({ source, names }: { readonly source: string | null; readonly names: ReadonlyMap<string, string> }): ReactNode {
  const { t } = useTranslation('sources')
  const client = useClient()
  const [records, setRecords] = useState<readonly RejectedRecord[]>([])
  const [after, setAfter] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const [state, setState] = useState<{ loading: boolean; error: WatchfloorError | null }>({ loading: true, error: null })
  const [more, setMore] = useState<string | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    setState({ loading: true, error: null })
    if (more === null) setRecords([])
    void client.query('sources.rejected', { source, limit: PAGE, after: more }, { signal: controller.signal }).then((result) => {
      if (controller.signal.aborted) return
      setState({ loading: false, error: result.ok ? null : result.error })
      if (!result.ok) return
      setRecords((before) => (more === null ? result.value.records : [...before, ...result.value.records]))
      setAfter(result.value.after)
    })
    return () => controller.abort()
  }, [client, source, more, turn])
  return (
    <div className="so-rejected">
      <Loading waiting={state.loading} />
      {state.error ? <ErrorState error={state.error} what={t('rejected.failed')} onRetry={() => setTurn(turn + 1)} /> : null}
      {!state.loading && !state.error && records.length === 0 ? <p className="so-quiet">{t('rejected.none')}</p> : null}
      <ul>
        {records.map((record, index) => <Rejected key={`${record.source} ${record.origin} ${record.record ?? record.at} ${index}`} record={record} name={source === null ? (names.get(record.source) ?? record.source) : null} />)}
      </ul>
      {after !== null ? <Button small kind="quiet" disabled={state.loading} onClick={() => setMore(after)}>{t('rejected.more')}</Button> : null}
    </div>
  )
}

function Rejected({ record, name }: { readonly record: RejectedRecord; readonly name: string | null }): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const now = useEngineNow()
  const [open, setOpen] = useState(false)
  const place = [record.record === null ? null : t('rejected.record', { number: format.number(record.record) }), record.offset === null ? null : t('rejected.offset', { offset: format.number(record.offset) })].filter(Boolean).join(' · ')
  return (
    <li>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'down' : 'right'} size={12} />
        <span className="so-reason">{visibleText(record.reason)}</span>
        <em title={formatExact(record.at)}>{formatMoment(record.at, now)}</em>
        <span className="so-where ellipsis">{name === null ? null : <b>{visibleText(name)} </b>}<code title={visibleText(record.origin)}>{visibleText(record.origin)}</code> {place}</span>
        {open ? null : <code className="so-where ellipsis">{visibleText(record.raw.slice(0, 300))}</code>}
      </button>
      {open ? (
        <div className="so-raw">
          <RawRecord text={record.raw} label={t('rejected.raw')} />
          <p className="dim">{t(record.length > 65_536 ? 'rejected.cut' : 'rejected.length', { bytes: format.bytes(record.length) })}</p>
        </div>
      ) : null}
    </li>
  )
}
