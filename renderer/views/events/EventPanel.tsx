import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EventDetail, EventRow } from '../../../shared/model/event.ts'
import { CANONICAL_FIELDS } from '../../../shared/model/fields.ts'
import { useQuery } from '../../client/hooks.ts'
import { formatRoute } from '../../app/route.ts'
import { Button } from '../../components/Button.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { RawRecord } from '../../components/Marked.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { formatExact } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { neighboursOf, type Neighbour } from './pivot.ts'
import { summaryOf } from './values.ts'

/** Canonical fields in the order of the model, so that the same thing always stands in the same place; a record's own after them. */
const RANK = new Map(CANONICAL_FIELDS.map(({ name }, index) => [name, index]))
/** Longest value that is shown whole; the raw record has the rest. */
const VALUE = 4000

/** One event: what it says, every field, what is near it, and the record as it came. */
export function EventPanel({
  id,
  onMenu,
  onNear,
  onCopy,
  onKeep,
  onClose,
}: {
  readonly id: string
  onMenu(place: { row: EventRow; field: string; value: string; element: HTMLElement }): void
  onNear(where: string, time: string): void
  onCopy(text: string, what: string): void
  onKeep(event: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const found = useQuery('events.get', { id })
  // While another event is fetched the one before stays: a panel that blinks cannot be read past.
  const event = found.value
  const other = event !== null && event.id !== id
  return (
    <Pane label={t('panel.title')} className={`ev-panel ${other && found.loading ? 'ev-panel-old' : ''}`} as="aside">
      <Loading waiting={found.loading && !event} />
      {found.error && (!event || other) ? (
        <>
          <div className="ev-panel-head">
            <h2>{t('panel.title')}</h2>
            <Button small kind="quiet" keys="Escape" aria-label={t('panel.close')} onClick={onClose} />
          </div>
          <ErrorState error={found.error} what={t('panel.failed')} onRetry={found.refresh} />
        </>
      ) : null}
      {event && !(found.error && other) ? (
        <Detail event={event} onMenu={onMenu} onNear={onNear} onCopy={onCopy} onKeep={onKeep} onClose={onClose} />
      ) : null}
    </Pane>
  )
}

function Detail({
  event,
  onMenu,
  onNear,
  onCopy,
  onKeep,
  onClose,
}: {
  readonly event: EventDetail
  onMenu(place: { row: EventRow; field: string; value: string; element: HTMLElement }): void
  onNear(where: string, time: string): void
  onCopy(text: string, what: string): void
  onKeep(event: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const format = useFormat()
  const summary = summaryOf(event)
  const { origin, record, offset } = event.place
  const place = [
    visibleText(event.place.source),
    visibleText(origin),
    record === null ? null : t('panel.record', { number: format.number(record) }),
    offset === null ? null : t('panel.offset', { offset: format.number(offset) }),
  ].filter((part) => part !== null)
  return (
    <div className="ev-panel-scroll">
      <header className="ev-panel-head">
        <h2>{visibleText(summary === '' ? event.type : summary.slice(0, 300))}</h2>
        <Button small kind="quiet" keys="Escape" aria-label={t('panel.close')} onClick={onClose} />
      </header>
      <dl className="ev-facts">
        <div>
          <dt>{t('panel.time')}</dt>
          <dd className="mono">{formatExact(event.time)}</dd>
        </div>
        {event.timeNote === '' ? null : (
          <div>
            <dt />
            <dd>
              <em>{t(`timeNote.${event.timeNote}`)}</em>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('panel.received')}</dt>
          <dd className="mono">{formatExact(event.received)}</dd>
        </div>
        <div>
          <dt>{t('panel.kind')}</dt>
          <dd>
            <code>{visibleText(event.type)}</code> <em>{t('panel.readBy', { format: event.format })}</em>
          </dd>
        </div>
        <div>
          <dt>{t('panel.id')}</dt>
          <dd>
            <span className="mono">E {event.id}</span>{' '}
            <Button
              small
              kind="quiet"
              icon="copy"
              iconOnly
              aria-label={t('panel.copyId')}
              onClick={() => onCopy(event.id, t('panel.id'))}
            />
          </dd>
        </div>
      </dl>
      <section aria-label={t('panel.near')}>
        <PaneHead title={t('panel.near')}>{t('panel.nearNote')}</PaneHead>
        <div className="ev-near">
          <a className="wf-btn wf-btn-small" href={formatRoute('packets', { event: event.id })} aria-keyshortcuts="p">
            {t('panel.packets')} <Kbd keys="p" silent />
          </a>
          {neighboursOf(event).map(({ kind, where }) => (
            <Button key={kind} small onClick={() => onNear(where, event.time)}>
              {t(`near.${kind satisfies Neighbour}`)}
            </Button>
          ))}
        </div>
      </section>
      <Fields event={event} onMenu={onMenu} />
      <section aria-label={t('panel.raw')} className="ev-raw">
        <PaneHead title={t('panel.raw')}>
          <span className="ellipsis" title={place.join(' · ')}>
            {place.join(' · ')}
          </span>
          <Button small kind="quiet" icon="copy" onClick={() => onCopy(event.raw, t('panel.raw'))}>
            {t('panel.copy')}
          </Button>
          <Button small kind="quiet" keys="E" onClick={() => onKeep(event.id)}>
            {t('panel.keep')}
          </Button>
        </PaneHead>
        <RawRecord text={event.raw} label={t('panel.raw')} />
      </section>
    </div>
  )
}

function Fields({
  event,
  onMenu,
}: {
  readonly event: EventDetail
  onMenu(place: { row: EventRow; field: string; value: string; element: HTMLElement }): void
}): ReactNode {
  const { t } = useTranslation('events')
  const { t: queryText } = useTranslation('query')
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const table = useRef<HTMLDListElement>(null)
  const all = useMemo(
    () =>
      Object.entries(event.fields)
        .map(([field, value]) => ({ field, canonical: RANK.has(field), values: Array.isArray(value) ? value : [String(value)] }))
        .sort((a, b) => (RANK.get(a.field) ?? Infinity) - (RANK.get(b.field) ?? Infinity) || 0),
    [event],
  )
  const wanted = typed.trim().toLowerCase()
  const shown =
    wanted === ''
      ? all
      : all.filter(
          ({ field, values }) =>
            field.toLowerCase().includes(wanted) || values.some((value) => value.toLowerCase().includes(wanted)),
        )
  return (
    <section aria-label={t('panel.fields')}>
      <PaneHead title={t('panel.fields')}>
        <input
          className="wf-input wf-input-small ev-panel-find"
          type="search"
          value={typed}
          placeholder={t('panel.find')}
          aria-label={t('panel.find')}
          spellCheck={false}
          onChange={(change) => setTyped(change.target.value)}
        />
        <span>
          {wanted === ''
            ? format.number(all.length)
            : t('panel.foundOf', { found: format.number(shown.length), of: format.number(all.length) })}
        </span>
      </PaneHead>
      <dl ref={table} className="ev-table">
        {shown.map(({ field, canonical, values }) => (
          <div key={field}>
            <dt
              className={canonical ? undefined : 'ev-native'}
              title={canonical ? queryText(`docs.${field.replaceAll('.', '_')}`, { defaultValue: '' }) : t('panel.native')}
            >
              {visibleText(field)}
            </dt>
            <dd>
              {values.map((value, index) => (
                <button
                  key={index}
                  type="button"
                  aria-haspopup="menu"
                  onClick={(click) => onMenu({ row: event, field, value, element: click.currentTarget })}
                >
                  {value === '' ? (
                    <em>{t('stats.blank')}</em>
                  ) : (
                    <bdi dir="ltr">
                      {visibleText(value.slice(0, VALUE))}
                      {value.length > VALUE ? '…' : ''}
                    </bdi>
                  )}
                </button>
              ))}
            </dd>
          </div>
        ))}
        {shown.length === 0 ? <p className="dim">{t(all.length === 0 ? 'panel.noFields' : 'panel.noneFound')}</p> : null}
      </dl>
    </section>
  )
}
