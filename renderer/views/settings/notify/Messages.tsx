import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MESSAGE_STATES, type Channel, type Message, type MessageState } from '../../../../shared/model/notification.ts'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useSentence } from '../../../i18n/use-sentence.ts'
import { useNow } from '../../../state/clock.ts'

type Shown = MessageState | 'all'
const SHOWN: readonly Shown[] = ['all', ...MESSAGE_STATES]
const PAGE = 50

/** The queue: what waits, what was given up and why, what was sent. Grows with every change (`revision`). */
export function Messages({
  channels,
  revision,
}: {
  readonly channels: readonly Channel[]
  readonly revision: number
}): ReactNode {
  const { t } = useTranslation('notify')
  const format = useFormat()
  const [shown, setShown] = useState<Shown>('all')
  const [before, setBefore] = useState<readonly string[]>([])
  const after = before.at(-1) ?? null
  const page = useQuery('notify.messages', { states: shown === 'all' ? [] : [shown], limit: PAGE, after })
  const retry = useCommand('notify.retry')
  const cancel = useCommand('notify.cancel')
  const { refresh } = page
  useEffect(() => refresh(), [revision, refresh])
  const counts = page.value?.counts
  const messages = page.value?.messages ?? []
  const failed = messages.filter(({ state }) => state === 'failed').map(({ id }) => id)
  const waiting = messages.filter(({ state }) => state === 'waiting').map(({ id }) => id)
  const error = retry.error ?? cancel.error
  return (
    <>
      <Segmented<Shown>
        label={t('messages.show')}
        value={shown}
        onChange={(value) => {
          setShown(value)
          setBefore([])
        }}
        segments={SHOWN.map((value) => ({
          value,
          label:
            value === 'all' || counts === undefined
              ? t(`state.${value}`)
              : t('messages.counted', { state: t(`state.${value}`), figure: format.number(counts[value]) }),
        }))}
      />
      {error ? <ErrorState error={error} what={t('messages.notDone')} /> : null}
      {page.error ? <ErrorState error={page.error} what={t('messages.failed')} onRetry={refresh} /> : null}
      <Loading waiting={page.loading && page.value === null} />
      {page.value !== null && messages.length === 0 ? <p className="dim">{t('messages.none')}</p> : null}
      {messages.length === 0 ? null : (
        <div className="no-tablewrap" role="group" tabIndex={0} aria-label={t('messages.title')}>
          <table className="no-table">
            <thead>
              <tr>
                {(['created', 'what', 'to', 'state'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`column.${column}`)}
                  </th>
                ))}
                <th scope="col">
                  <span className="no-hidden">{t('column.act')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {messages.map((message) => (
                <MessageRows
                  key={message.id}
                  message={message}
                  channel={channels.find(({ id }) => id === message.channel)}
                  onRetry={() => void retry.run({ ids: [message.id] }).then(refresh)}
                  onCancel={() => void cancel.run({ ids: [message.id] }).then(refresh)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="no-buttons">
        {failed.length > 1 ? (
          <Button small onClick={() => void retry.run({ ids: failed }).then(refresh)}>
            {t('messages.retryAll', { count: failed.length, figure: format.number(failed.length) })}
          </Button>
        ) : null}
        {waiting.length > 1 ? (
          <Button small onClick={() => void cancel.run({ ids: waiting }).then(refresh)}>
            {t('messages.cancelAll', { count: waiting.length, figure: format.number(waiting.length) })}
          </Button>
        ) : null}
        {before.length > 0 ? (
          <Button small kind="quiet" onClick={() => setBefore(before.slice(0, -1))}>
            {t('messages.newer')}
          </Button>
        ) : null}
        {page.value?.after ? (
          <Button small kind="quiet" onClick={() => setBefore([...before, page.value?.after ?? ''])}>
            {t('messages.older')}
          </Button>
        ) : null}
      </div>
    </>
  )
}

function MessageRows({
  message,
  channel,
  onRetry,
  onCancel,
}: {
  readonly message: Message
  readonly channel: Channel | undefined
  onRetry(): void
  onCancel(): void
}): ReactNode {
  const { t } = useTranslation('notify')
  const format = useFormat()
  const sentence = useSentence()
  const now = useNow()
  const [open, setOpen] = useState(false)
  const { state, subject, lastError, nextAttempt, ended, attempts } = message
  const name = visibleText(subject)
  return (
    <>
      <tr>
        <td className="no-when">{formatMoment(message.created, now)}</td>
        <td>
          <button type="button" className="no-subject" aria-expanded={open} onClick={() => setOpen(!open)}>
            {name}
          </button>
        </td>
        <td>
          {message.to.length > 0 ? <code>{visibleText(message.to.join(', '))}</code> : null}
          <span className="dim no-line">{visibleText(channel?.settings.name ?? '–')}</span>
        </td>
        <td>
          <span className={`no-state no-state-${state}`}>{t(`state.${state}`)}</span>
          <span className="dim no-line">
            {state === 'waiting' && nextAttempt !== null
              ? t('messages.next', { figure: format.number(attempts), time: formatMoment(nextAttempt, now) })
              : ended === null
                ? ''
                : formatMoment(ended, now)}
          </span>
          {lastError === null ? null : <span className="no-line no-why">{sentence(lastError)}</span>}
        </td>
        <td>
          <div className="no-buttons">
            {state === 'sent' ? null : (
              <Button small aria-label={t('messages.retryOf', { subject: name })} onClick={onRetry}>
                {t('messages.retry')}
              </Button>
            )}
            {state === 'waiting' || state === 'failed' ? (
              <Button small kind="quiet" aria-label={t('messages.cancelOf', { subject: name })} onClick={onCancel}>
                {t('messages.cancel')}
              </Button>
            ) : null}
          </div>
        </td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={5}>
            <MessageText id={message.id} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

/** As text, whatever it was sent as. */
function MessageText({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('notify')
  const found = useQuery('notify.message', { id })
  if (found.error) return <ErrorState error={found.error} what={t('messages.failed')} />
  if (found.value === null) return <Loading waiting={found.loading} />
  return <pre className="no-text">{found.value.text.split('\n').map(visibleText).join('\n')}</pre>
}
