import type { ReactNode, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { definitionOf } from '../../../shared/query/lookup.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Popover } from '../../components/Popover.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { formatShare } from '../../format/number.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import type { Pivot } from './pivot.ts'
import type { Run } from './search.ts'

/** Most frequent values of a field in the events that were found, how many events have it, and figures where it is a number. */
export function FieldStats({
  field,
  run,
  column,
  anchor,
  onPivot,
  onColumn,
  onClose,
}: {
  readonly field: string
  readonly run: Run
  readonly column: boolean
  readonly anchor: RefObject<HTMLElement | null>
  onPivot(pivot: Pivot): void
  onColumn(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const { t: queryText } = useTranslation('query')
  const format = useFormat()
  const stats = useQuery('events.stats', { field, where: run.where, window: run.window, limit: 10 })
  const known = definitionOf(field)
  const value = stats.value
  const most = value?.top[0]?.count ?? 1
  const pivot = (kind: 'filter' | 'exclude', text: string): void => {
    onClose()
    onPivot({ kind, field, value: text })
  }
  return (
    <Popover anchor={anchor} label={t('stats.title', { field: visibleText(field) })} className="ev-stats" onClose={onClose}>
      <header>
        <h3 className="mono">{visibleText(field)}</h3>
        {known ? <em>{queryText(`types.${known.type}`)}</em> : null}
      </header>
      {known ? (
        <p>
          {queryText(`docs.${field.replaceAll('.', '_')}`, { defaultValue: known.doc })}
          {known.ecs ? (
            <>
              {' '}
              <span className="dim">ECS</span> <code>{known.ecs}</code>
            </>
          ) : null}
        </p>
      ) : null}
      {stats.error ? <ErrorState error={stats.error} what={t('stats.failed')} onRetry={stats.refresh} /> : null}
      <Loading waiting={stats.loading && !value} />
      {value ? (
        <>
          <dl className="ev-figures">
            <div>
              <dt>{t('stats.with')}</dt>
              <dd>
                {t('stats.withValue', {
                  with: format.number(value.with),
                  total: format.number(value.total),
                  share: formatShare(value.total > 0 ? value.with / value.total : 0),
                })}
              </dd>
            </div>
            <div>
              <dt>{t('stats.distinct')}</dt>
              <dd>{format.number(value.distinct)}</dd>
            </div>
            {value.min === null || known?.type === 'port' ? null : (
              <>
                <div>
                  <dt>{t('stats.min')}</dt>
                  <dd>{format.number(value.min, 3)}</dd>
                </div>
                <div>
                  <dt>{t('stats.max')}</dt>
                  <dd>{format.number(value.max ?? NaN, 3)}</dd>
                </div>
                <div>
                  <dt>{t('stats.mean')}</dt>
                  <dd>{format.number(value.mean ?? NaN, 3)}</dd>
                </div>
              </>
            )}
          </dl>
          {value.top.length > 0 ? (
            <ul className="ev-top">
              {value.top.map(({ value: text, count }) => (
                <li key={text}>
                  <span className="ev-top-value mono ellipsis" title={visibleText(text).slice(0, 2000)}>
                    {text === '' ? <em>{t('stats.blank')}</em> : visibleText(text.slice(0, 200))}
                  </span>
                  <span className="num" title={format.number(count)}>
                    {formatShare(value.with > 0 ? count / value.with : 0)}
                  </span>
                  <span className="num">{format.number(count)}</span>
                  <Button
                    small
                    kind="quiet"
                    iconOnly
                    icon="filter"
                    aria-label={t('pivot.filterFor', { value: visibleText(text.slice(0, 80)) })}
                    title={t('pivot.filter')}
                    onClick={() => pivot('filter', text)}
                  />
                  <Button
                    small
                    kind="quiet"
                    iconOnly
                    icon="close"
                    aria-label={t('pivot.excludeFor', { value: visibleText(text.slice(0, 80)) })}
                    title={t('pivot.exclude')}
                    onClick={() => pivot('exclude', text)}
                  />
                  <i style={{ width: `${(count / most) * 100}%` }} />
                </li>
              ))}
            </ul>
          ) : (
            <p className="dim">{t('stats.none')}</p>
          )}
          <footer>
            <span className="dim">
              {t(value.distinct > value.top.length ? 'stats.topOf' : 'stats.all', {
                shown: format.number(value.top.length),
                count: format.number(value.distinct),
              })}
            </span>
            <Button
              small
              onClick={() => {
                onClose()
                onPivot({ kind: 'exists', field })
              }}
            >
              {t('pivot.exists')}
            </Button>
            <Button
              small
              onClick={() => {
                onClose()
                onColumn()
              }}
            >
              {t(column ? 'columns.remove' : 'columns.add')}
            </Button>
          </footer>
        </>
      ) : null}
    </Popover>
  )
}
