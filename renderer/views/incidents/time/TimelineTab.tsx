import { memo, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '../../../../shared/model/both-languages.ts'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Marked } from '../../../components/Marked.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatTime } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { CiteChip } from '../cites/CiteChip.tsx'
import { citeKey } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'
import { VirtualList } from '../panes/VirtualList.tsx'
import { TimeAxis } from './TimeAxis.tsx'
import { TimelineHead } from './TimelineHead.tsx'
import { useEntryTitle } from './entry-title.ts'
import { firstFrom } from './use-entries.ts'
import { useEventDrop } from './use-event-drop.ts'
import type { Timeline } from './use-timeline.ts'

const ROW = 28

/** The axis large, over the entries of its window. */
export function TimelineTab({
  timeline,
  onAdd,
  onPin,
  onEdit,
}: {
  readonly timeline: Timeline
  onAdd(): void
  onPin(): void
  onEdit(entry: TimelineEntry): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { remove } = useEditor()
  const drop = useEventDrop()
  const { entries, window, current, all } = timeline
  const whole = window === null || all === null || (window.from <= all.from && window.to >= all.to)
  const shown = useMemo(
    () =>
      whole || window === null ? entries : entries.slice(firstFrom(entries, window.from), firstFrom(entries, window.to + 1)),
    [entries, window, whole],
  )
  const at = useMemo(() => (current ? shown.findIndex(({ id }) => id === current.id) : -1), [shown, current])
  return (
    <div className={drop.over ? 'in-timelinetab in-dropping' : 'in-timelinetab'} {...drop.handlers}>
      <Pane label={t('pane.timeline')} className="in-pane in-timeline">
        <TimelineHead timeline={timeline} onAdd={onAdd} />
        <TimeAxis timeline={timeline} lane={40} />
      </Pane>
      {timeline.error ? <ErrorState error={timeline.error} what={t('entry.failed')} onRetry={timeline.refresh} /> : null}
      <div className="in-entries">
        <Pane label={t('pane.entries')} className="in-pane in-entrylist">
          <PaneHead title={t('pane.entries')}>
            <span>
              {whole
                ? t('entry.count', { count: timeline.total, figure: format.number(timeline.total) })
                : t('entry.countOf', { figure: format.number(shown.length), total: format.number(timeline.total) })}
              {timeline.whole ? '' : ` · ${t(timeline.partial ? 'entry.partial' : 'entry.reading')}`}
            </span>
            <Button small kind="quiet" keys="p" onClick={onPin}>
              {t('pin.open')}
            </Button>
          </PaneHead>
          {shown.length === 0 ? (
            <p className="in-none">{t('entry.empty')}</p>
          ) : (
            <VirtualList
              label={t('pane.entries')}
              count={shown.length}
              row={ROW}
              current={at}
              keyOf={(index) => shown[index]?.id ?? String(index)}
              rowClass={(index) =>
                shown[index]?.time.slice(0, 10) !== shown[index - 1]?.time.slice(0, 10) && index > 0 ? 'in-newday' : ''
              }
              renderRow={(index) => {
                const entry = shown[index]
                return entry ? <EntryRow entry={entry} /> : null
              }}
              onCurrent={(index) => timeline.choose(shown[index] ?? null)}
              onChoose={(index) => shown[index] && onEdit(shown[index])}
              onRemove={(index) => shown[index] && void remove('entry', shown[index].id)}
            />
          )}
        </Pane>
        <EntryDetail entry={current} onEdit={onEdit} />
      </div>
    </div>
  )
}

const EntryRow = memo(function EntryRow({ entry }: { readonly entry: TimelineEntry }): ReactNode {
  const title = useEntryTitle()
  const { t } = useTranslation('incidents')
  const { language } = useFormat()
  return (
    <>
      <time className="mono" dateTime={entry.time} title={formatExact(entry.time)}>
        <em>{entry.time.slice(5, 10)}</em> {formatTime(entry.time)}
      </time>
      <span className="in-entryglyph">{entry.severity ? <SeverityGlyph severity={entry.severity} size={14} /> : null}</span>
      <span className="in-entrykind">{t(`entryKind.${entry.kind}`)}</span>
      <span className="in-entrytitle">{title(entry).slice(0, 400)}</span>
      {entry.internal ? <em className="in-internal">{t('note.internalMark')}</em> : null}
      <span className="in-entrygroup">{visibleText(inLanguage(entry.group, language))}</span>
      <span className="in-entryby">{visibleText(entry.written.by)}</span>
    </>
  )
})

function EntryDetail({ entry, onEdit }: { readonly entry: TimelineEntry | null; onEdit(entry: TimelineEntry): void }): ReactNode {
  const title = useEntryTitle()
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { remove } = useEditor()
  return (
    <Pane label={t('pane.entry')} as="aside" className="in-pane in-entrydetail">
      <PaneHead title={t('pane.entry')}>
        {entry ? (
          <>
            <Button small kind="quiet" keys="Enter" onClick={() => onEdit(entry)}>
              {t('edit')}
            </Button>
            <Button small kind="quiet" keys="Delete" onClick={() => void remove('entry', entry.id)}>
              {t('remove')}
            </Button>
          </>
        ) : null}
      </PaneHead>
      {entry ? (
        <div className="in-entrybody">
          <h4>
            {entry.severity ? <SeverityGlyph severity={entry.severity} size={14} /> : null}
            {title(entry)}
          </h4>
          <p className="in-quiet mono">
            {formatExact(entry.time)}
            {entry.until
              ? ` – ${formatTime(entry.until)} (${format.age((Date.parse(entry.until) - Date.parse(entry.time)) / 1000)})`
              : ''}
          </p>
          <p className="in-quiet">
            {t(`entryKind.${entry.kind}`)}
            {entry.group ? ` · ${visibleText(inLanguage(entry.group, format.language))}` : ''} ·{' '}
            {t('entry.by', { by: visibleText(entry.written.by) })}
            {entry.internal ? ` · ${t('note.internalMark')}` : ''}
          </p>
          {entry.text ? (
            <p className="in-entrytext">
              <Marked text={entry.text} />
            </p>
          ) : null}
          <p className="in-chips">
            {entry.alert ? <CiteChip cite={{ kind: 'alert', alert: entry.alert }} /> : null}
            {entry.event ? <CiteChip cite={{ kind: 'event', event: entry.event }} /> : null}
            {entry.cites.map((cite) => (
              <CiteChip key={citeKey(cite)} cite={cite} />
            ))}
          </p>
        </div>
      ) : (
        <p className="in-none">{t('entry.choose')}</p>
      )}
    </Pane>
  )
}
