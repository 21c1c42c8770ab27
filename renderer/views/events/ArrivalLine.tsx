import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../../components/Kbd.tsx'
import { formatMoment, formatTime } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import type { Arrivals } from './arrivals.ts'

/** Always there, so that nothing moves when something comes: what waits, or when the last one came. */
export function ArrivalLine({
  arrivals,
  open,
  onShow,
  onFollow,
}: {
  readonly arrivals: Arrivals
  /** Whether new events may belong to the search at all. */
  readonly open: boolean
  onShow(): void
  onFollow(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const format = useFormat()
  const now = useEngineNow()
  const { held, since, last, following, stopped, skipped, tail } = arrivals
  return (
    <div className={`ev-arrivals ${held > 0 || following ? 'ev-arrivals-new' : ''}`}>
      <span className="ellipsis" aria-live="off">
        {following ? (
          <>
            <b>{t('arrivals.following')}</b> {t('arrivals.newest', { count: format.number(tail.length) })}
            {skipped > 0 ? ` ${t('arrivals.skipped', { count: format.number(skipped) })}` : ''}
          </>
        ) : held > 0 && since !== null ? (
          <>
            <b>{t('arrivals.new', { count: format.number(held) })}</b> {t('arrivals.since', { time: formatTime(since) })}
            {stopped ? ` · ${t('arrivals.stopped')}` : ''}
          </>
        ) : !open ? (
          t('arrivals.closed')
        ) : stopped ? (
          t('arrivals.stopped')
        ) : last ? (
          t('arrivals.last', { time: formatMoment(last, now) })
        ) : (
          t('arrivals.none')
        )}
      </span>
      {open ? (
        <span className="ev-arrivals-keys">
          {held > 0 ? (
            <button type="button" onClick={onShow}>
              <Kbd keys="n" /> {t('arrivals.show')}
            </button>
          ) : null}
          <button type="button" aria-pressed={following} onClick={onFollow}>
            <Kbd keys="f" /> {t(following ? 'arrivals.hold' : stopped ? 'arrivals.resume' : 'arrivals.follow')}
          </button>
        </span>
      ) : null}
    </div>
  )
}
