import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LedgerEntry } from '../../../../shared/model/ledger.ts'
import { useClient, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useEditor } from '../editor/editor-context.ts'

const PAGE = 200

/** Everything that was done, in its chain; the newest first. */
export function LedgerTab(): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  const client = useClient()
  const { number, incident } = useEditor()
  const { value, error, loading, refresh } = useQuery('incidents.ledger', { number, limit: PAGE, before: null })
  const [older, setOlder] = useState<readonly LedgerEntry[]>([])
  const [opened, setOpened] = useState<number | null>(null)
  const known = useRef(incident.revision)
  useEffect(() => {
    if (known.current === incident.revision) return
    known.current = incident.revision
    refresh()
  }, [incident.revision, refresh])
  const first = value?.entries ?? []
  const byNumber = new Map([...first, ...older].map((entry) => [entry.number, entry]))
  const entries = [...byNumber.values()].sort((a, b) => b.number - a.number)
  const last = entries.at(-1)
  const more = async (): Promise<void> => {
    if (!last) return
    const answer = await client.query('incidents.ledger', { number, limit: PAGE, before: last.number })
    if (answer.ok) setOlder((before) => [...before, ...answer.value.entries])
  }
  return (
    <Pane label={t('pane.ledger')} className="in-pane in-ledger">
      <PaneHead title={t('pane.ledger')}>
        {value ? (
          <span className={value.intact ? undefined : 'in-fault'} role="status">
            {t(value.intact ? 'ledger.intact' : 'ledger.broken', { count: value.total, figure: format.number(value.total) })}
          </span>
        ) : null}
      </PaneHead>
      {error ? <ErrorState error={error} what={t('ledger.failed')} onRetry={refresh} /> : null}
      <Loading waiting={loading && value === null} />
      <div className="in-ledgerscroll">
        <table className="in-ledgertable">
          <thead>
            <tr>
              <th scope="col" className="in-right">
                {t('ledger.number')}
              </th>
              <th scope="col">{t('ledger.at')}</th>
              <th scope="col">{t('ledger.by')}</th>
              <th scope="col">{t('ledger.action')}</th>
              <th scope="col">{t('ledger.subject')}</th>
              <th scope="col">{t('ledger.hash')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <LedgerRow
                key={entry.number}
                entry={entry}
                now={now}
                opened={opened === entry.number}
                onOpen={() => setOpened(opened === entry.number ? null : entry.number)}
              />
            ))}
          </tbody>
        </table>
        {last && last.number > 1 ? (
          <Button small kind="quiet" onClick={() => void more()}>
            {t('ledger.older')}
          </Button>
        ) : null}
      </div>
    </Pane>
  )
}

function LedgerRow({
  entry,
  now,
  opened,
  onOpen,
}: {
  readonly entry: LedgerEntry
  readonly now: number
  readonly opened: boolean
  onOpen(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  return (
    <>
      <tr
        tabIndex={0}
        data-row="ledger"
        aria-label={t('ledger.row', { number: entry.number, action: visibleText(entry.action) })}
        onClick={onOpen}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return
          event.preventDefault()
          onOpen()
        }}
      >
        <td className="mono in-right">{entry.number}</td>
        <td className="mono" title={formatExact(entry.at)}>
          {formatMoment(entry.at, now)}
        </td>
        <td>{visibleText(entry.by)}</td>
        <td className="mono">{visibleText(entry.action)}</td>
        <td className="mono in-subject">{visibleText(entry.subject)}</td>
        <td className="mono in-hash" title={entry.hash}>{`${entry.hash.slice(0, 8)}…${entry.hash.slice(-4)}`}</td>
      </tr>
      {opened ? (
        <tr className="in-ledgerbody">
          <td colSpan={6}>
            <pre>{visibleLines(JSON.stringify(entry.body, null, 2))}</pre>
            <p className="mono">{t('ledger.previous', { hash: entry.previous })}</p>
            <p className="mono">{t('ledger.own', { hash: entry.hash })}</p>
          </td>
        </tr>
      ) : null}
    </>
  )
}
const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n')
