import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../../components/Kbd.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { formatMoment, formatTime } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { useEngine } from '../../state/engine.ts'
import { heldCounts, type Queue } from './queue.ts'

/** Always there, 28 px: what is new and held, or when the last alert came. Nothing else on screen moves for it. */
export function ArrivalLine({
  queue,
  following,
  stopped,
  onShow,
  onFollow,
}: {
  readonly queue: Queue
  readonly following: boolean
  /** It followed until the reader went to a row. */
  readonly stopped: boolean
  onShow(): void
  onFollow(): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const last = useEngine(({ status }) => status?.lastAlert ?? null)
  const counts = heldCounts(queue)
  // While following, what came is about to be shown.
  const held = following ? 0 : queue.held.size
  const left = queue.left.size
  return (
    <div className={held > 0 ? 'al-arrival on' : 'al-arrival'}>
      <div className="al-arrival-text" role="status">
        {held > 0 ? (
          <>
            <b>{t('arrival.new', { count: held, figure: format.number(held) })}</b>
            {counts.map(({ severity, count }) => (
              <Fragment key={severity}>
                <SeverityGlyph severity={severity} size={14} />
                <span>{format.number(count)}</span>
              </Fragment>
            ))}
            <span className="al-arrival-since">{t('arrival.since', { time: formatTime(queue.heldSince ?? 0) })}</span>
          </>
        ) : following ? (
          <span>{last ? t('arrival.following', { time: formatMoment(last, now) }) : t('arrival.followingNone')}</span>
        ) : stopped ? (
          <span>{t('arrival.stopped')}</span>
        ) : (
          <span>{last ? t('arrival.quiet', { time: formatMoment(last, now) }) : t('arrival.none')}</span>
        )}
        {left > 0 && held === 0 ? (
          <span className="al-arrival-since">{t('arrival.left', { count: left, figure: format.number(left) })}</span>
        ) : null}
      </div>
      {held > 0 || left > 0 ? (
        <button type="button" onClick={onShow}>
          <Kbd keys="n" /> {t(held > 0 ? 'arrival.show' : 'arrival.clear')}
        </button>
      ) : null}
      <button type="button" aria-pressed={following} onClick={onFollow}>
        <Kbd keys="f" /> {t(following ? 'arrival.hold' : stopped ? 'arrival.resume' : 'arrival.follow')}
      </button>
    </div>
  )
}
