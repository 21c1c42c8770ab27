import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceStatus } from '../../../shared/model/source.ts'
import { termFor } from '../../../shared/query/print.ts'
import { eventsLink } from '../../app/route.ts'
import { Button } from '../../components/Button.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { Sparkline } from '../../components/Spark.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useSentence } from '../../i18n/use-sentence.ts'
import { useEngineNow } from '../../state/clock.ts'
import { placeOf } from './draft.ts'
import { RejectedList } from './RejectedList.tsx'
import { StateWord } from './StateWord.tsx'

export interface SourceActions {
  pause(source: SourceStatus): void
  edit(source: SourceStatus): void
  remove(source: SourceStatus): void
}

/** One source: how it reads, how far it is, what it could not read. */
export function SourcePanel({
  source,
  names,
  actions,
  onClose,
}: {
  readonly source: SourceStatus
  readonly names: ReadonlyMap<string, string>
  readonly actions: SourceActions
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const sentence = useSentence()
  const now = useEngineNow()
  const { settings } = source
  const { input } = settings
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('kindTitle'), t(`kind.${input.kind}`)],
    [
      t('column.place'),
      <code key="place" className="so-break">
        {visibleText(input.kind === 'import' ? input.paths.join('\n') : placeOf(input))}
      </code>,
    ],
    [
      t('form.format'),
      source.formats.length > 0 ? (
        <code key="format">{source.formats.join(', ')}</code>
      ) : (
        (settings.format ?? t('form.recognise'))
      ),
    ],
    ...(source.notice === null ? [] : [[t('panel.notice'), sentence(source.notice)] as const]),
    [t('form.zone'), settings.zone],
    [
      t('column.last'),
      source.lastRecord ? (
        <span key="last" title={formatExact(source.lastRecord)}>
          {t('ago', { age: format.age(secondsSince(source.lastRecord, now)) })}
        </span>
      ) : (
        '–'
      ),
    ],
    [
      t('column.lag'),
      source.state === 'running' ? t('panel.lag', { age: format.fineAge(source.lag), bytes: format.bytes(source.waiting) }) : '–',
    ],
    [t('column.records'), format.number(source.records)],
    [
      t('column.events'),
      <a key="events" className="link" href={eventsLink(termFor('source', source.id))}>
        {format.number(source.events)}
      </a>,
    ],
    [
      t('column.bytes'),
      <span key="bytes" title={`${format.number(source.bytes)} B`}>
        {format.bytes(source.bytes)}
      </span>,
    ],
  ]
  const pausable = source.state !== 'done' && input.kind !== 'import'
  return (
    <Pane label={t('panel.label', { name: visibleText(settings.name) })} as="aside" className="so-panel">
      <header className="so-panel-head">
        <h2 className="ellipsis" title={visibleText(settings.name)}>
          {visibleText(settings.name)}
        </h2>
        <StateWord state={source.state} />
        <Button small kind="quiet" keys="Escape" className="so-right" aria-label={t('common:close')} onClick={onClose} />
      </header>
      <div className="so-panel-body">
        {source.problem ? (
          <p className={source.state === 'failed' ? 'so-problem so-problem-fault' : 'so-problem'}>{sentence(source.problem)}</p>
        ) : null}
        <section aria-label={t('panel.rate')}>
          <PaneHead title={t('panel.rate')}>{t('perSecond', { rate: format.rate(source.rate) })}</PaneHead>
          <Sparkline counts={source.rates} width={488} height={48} />
          <div className="so-scale">
            <span>{t('panel.ago')}</span>
            <span>{t('panel.now')}</span>
          </div>
        </section>
        <dl className="so-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <section aria-label={t('rejected.title')}>
          <PaneHead title={t('rejected.title')}>{format.number(source.rejected)}</PaneHead>
          {source.rejected > 0 ? (
            <RejectedList key={source.id} source={source.id} names={names} />
          ) : (
            <p className="so-quiet">{t('rejected.none')}</p>
          )}
        </section>
      </div>
      <footer className="so-panel-foot">
        {pausable ? (
          <Button icon={source.state === 'paused' ? 'play' : 'pause'} keys="p" onClick={() => actions.pause(source)}>
            {t(source.state === 'paused' ? 'resume' : 'pause')}
          </Button>
        ) : null}
        <Button keys="e" onClick={() => actions.edit(source)}>
          {t('edit')}
        </Button>
        <Button className="so-right" keys="Delete" onClick={() => actions.remove(source)}>
          {t('remove')}
        </Button>
      </footer>
    </Pane>
  )
}
