import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryFind } from '../../../../shared/workbench-contract.ts'
import { formatRoute } from '../../../app/route.ts'
import type { JobState } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { PaneHead } from '../../../components/Pane.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { EmptyState, ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useBindings } from '../../../keys/use-keys.tsx'
import { useEngineNow } from '../../../state/clock.ts'

const SPANS = { week: 7, month: 30, all: null } as const
type Span = keyof typeof SPANS
const DAY = 86_400_000

/** Runs the text over what is stored: how often it would have matched, what it found, what it costs. */
export function HistoryPane({
  text,
  ready,
  job,
}: {
  readonly text: string
  /** Without an error, so that it can run. */
  readonly ready: boolean
  readonly job: JobState<'rules.history'>
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const now = useEngineNow()
  const [span, setSpan] = useState<Span>('all')
  const { running, progress, result } = job
  const run = (raise: boolean): void => {
    const days = SPANS[span]
    void job.run({ text, from: days === null ? null : new Date(now - days * DAY).toISOString(), raise })
  }
  useBindings([
    {
      keys: ['Ctrl+Enter'],
      inText: true,
      run: () => {
        if (ready && !running) run(false)
      },
    },
  ])
  const done = !running && result?.ok === true ? result.value : null
  const matches = done?.finds.reduce((sum, find) => sum + find.matches, 0) ?? 0
  return (
    <section className="rw-pane" aria-label={t('bench.history')}>
      <PaneHead title={t('bench.history')} />
      <div className="rw-row">
        <Segmented
          label={t('bench.span')}
          value={span}
          onChange={setSpan}
          segments={(Object.keys(SPANS) as Span[]).map((id) => ({ value: id, label: t(`bench.spans.${id}`) }))}
        />
        {running ? (
          <Button key="stop" small icon="stop" onClick={job.cancel}>
            {t('bench.stop')}
          </Button>
        ) : (
          <Button key="run" small kind="primary" keys="Ctrl+Enter" disabled={!ready} onClick={() => run(false)}>
            {t('bench.run')}
          </Button>
        )}
      </div>
      {running ? (
        <div className="rw-progress">
          <progress value={progress?.scanned ?? 0} max={Math.max(1, progress?.of ?? 1)} aria-label={t('bench.running')} />
          <span>
            {t('bench.progress', {
              scanned: format.number(progress?.scanned ?? 0),
              of: format.number(progress?.of ?? 0),
              matches: format.number(progress?.matches ?? 0),
            })}
          </span>
        </div>
      ) : null}
      {!running && result?.ok === false && result.error.code !== 'cancelled' ? (
        <ErrorState error={result.error} what={t('bench.failed')} onRetry={() => run(false)} />
      ) : null}
      {done ? (
        <>
          <p className="rw-sum">
            {t('bench.sum', {
              matches: format.number(matches),
              scanned: format.number(done.scanned),
              span: format.span(done.seconds),
              cost: format.number(done.cost, 2),
            })}
            {done.raised > 0 ? ` ${t('bench.raised', { figure: format.number(done.raised) })}` : ''}
          </p>
          {done.finds.map((find) => (
            <Find key={find.id} find={find} now={now} />
          ))}
          {done.finds.length === 0 ? <EmptyState>{t('bench.nothing')}</EmptyState> : null}
          {matches > 0 && done.raised === 0 ? (
            <div className="rw-row">
              <Button small onClick={() => run(true)}>
                {t('bench.raise')}
              </Button>
              <span className="dim">{t('bench.raiseNote')}</span>
            </div>
          ) : null}
        </>
      ) : null}
    </section>
  )
}

function Find({ find, now }: { readonly find: HistoryFind; readonly now: number }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const most = Math.max(1, ...find.days.map(({ matches }) => matches))
  return (
    <div className="rw-find">
      <h4>
        {visibleText(find.title)} <b>{format.number(find.matches)}</b>
      </h4>
      {find.days.length > 0 ? (
        <ol className="rw-days" aria-label={t('bench.days')}>
          {find.days.slice(-60).map(({ day, matches }) => (
            <li key={day} title={`${day}: ${format.number(matches)}`} aria-label={`${day}: ${format.number(matches)}`}>
              <i style={{ height: `${Math.max(2, (matches / most) * 40)}px` }} />
            </li>
          ))}
        </ol>
      ) : null}
      {find.days.length > 0 ? (
        <div className="rw-range mono">
          <span>{find.days.slice(-60)[0]?.day}</span>
          <span>{find.days.at(-1)?.day}</span>
        </div>
      ) : null}
      <ul className="rw-samples">
        {find.samples.map(({ event, group, events }) => (
          <li key={event.id}>
            <a href={formatRoute('events', { all: '1', event: event.id })}>
              <time className="mono" dateTime={event.time} title={formatExact(event.time)}>
                {formatMoment(event.time, now)}
              </time>
              <span className="mono ellipsis">
                {group === null
                  ? telling(event.fields)
                  : `${visibleText(group)} · ${t('bench.events', { count: events, figure: format.number(events) })}`}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

const TELLING = [
  'process.command',
  'http.url',
  'dns.query',
  'sig.name',
  'file.path',
  'registry.path',
  'user.name',
  'target.user',
  'message',
]

function telling(fields: Readonly<Record<string, unknown>>): string {
  const text = (name: string): string => (Object.hasOwn(fields, name) ? visibleText(String(fields[name])) : '')
  return [
    text('host.name') || [text('src.ip'), text('dst.ip')].filter(Boolean).join(' → '),
    TELLING.map(text).find(Boolean) ?? '',
  ]
    .filter(Boolean)
    .join('  ')
}
