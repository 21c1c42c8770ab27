import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Flow } from '../../../../shared/model/capture.ts'
import { useNotice } from '../../../state/notice.ts'
import { Button } from '../../../components/Button.tsx'
import { formatExact, formatPrecise } from '../../../format/time.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { flowFilter } from '../filter/flow-filter.ts'

/** The two ends, how it went, when, and what either sent. */
export function FlowFacts({
  flow,
  digits,
  onFilter,
}: {
  readonly flow: Flow
  readonly digits: number
  onFilter(filter: string): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const copy = (): void =>
    void navigator.clipboard.writeText(flow.communityId).then(
      () => say(t('copied', { what: t('side.communityId') })),
      () => say(t('notCopied'), 'fault'),
    )
  const most = Math.max(1, flow.client.bytes, flow.server.bytes)
  const end = (who: 'client' | 'server'): ReactNode => (
    <p className="pk-end">
      <i className={`pk-dir pk-dir-${who}`} aria-hidden="true" />
      <code>
        {visibleText(flow[who].ip)}
        {flow[who].port === null ? null : <span className="dim">:{flow[who].port}</span>}
      </code>
      <em>{t(`side.${who}`)}</em>
    </p>
  )
  const sum = (who: 'client' | 'server'): ReactNode => (
    <div className="pk-sum" title={t('side.payload', { bytes: format.number(flow[who].payload) })}>
      <span>{t(`side.sent.${who}`, { count: flow[who].packets, figure: format.number(flow[who].packets) })}</span>
      <span className="pk-sum-bar" aria-hidden="true">
        <i className={`pk-dir-${who}`} style={{ width: `${(flow[who].bytes / most) * 100}%` }} />
      </span>
      <span className="num">{format.bytes(flow[who].bytes)}</span>
    </div>
  )
  const filter = flowFilter(flow)
  return (
    <>
      {end('client')}
      {end('server')}
      <dl className="pk-facts">
        {flow.communityId === '' ? null : (
          <div>
            <dt>{t('side.communityId')}</dt>
            <dd className="mono">
              <button
                type="button"
                className="ellipsis"
                title={`${visibleText(flow.communityId)} · ${t('side.copy')}`}
                onClick={copy}
              >
                {visibleText(flow.communityId)}
              </button>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('side.state')}</dt>
          <dd>
            {t(`flowState.${flow.state}`)}
            {flow.app === '' ? '' : ` · ${visibleText(flow.app)}`}
          </dd>
        </div>
        {flow.first ? (
          <div>
            <dt>{t('side.time')}</dt>
            <dd className="mono ellipsis" title={`${formatExact(flow.first)} – ${formatExact(flow.last ?? flow.first)}`}>
              {formatPrecise(flow.first).slice(0, 9 + Math.min(digits, 6))}
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{t('side.duration')}</dt>
          <dd className="mono" title={`${flow.duration.toFixed(6)} s`}>
            {format.span(flow.duration)}
          </dd>
        </div>
        {flow.roundTrip === null ? null : (
          <div>
            <dt>{t('side.roundTrip')}</dt>
            <dd className="mono">{format.span(flow.roundTrip)}</dd>
          </div>
        )}
        {flow.firstData === '' ? null : (
          <div>
            <dt>{t('side.firstData')}</dt>
            <dd className="mono ellipsis" title={visibleText(flow.firstData)}>
              {visibleText(flow.firstData)}
            </dd>
          </div>
        )}
      </dl>
      {sum('client')}
      {sum('server')}
      {filter === '' ? null : (
        <Button small kind="quiet" icon="filter" onClick={() => onFilter(filter)}>
          {t('side.onlyFlow')}
        </Button>
      )}
    </>
  )
}
