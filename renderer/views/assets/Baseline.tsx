import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../client/hooks.ts'
import { ErrorState, Loading } from '../../components/States.tsx'
import { formatTime } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'

const HOUR = 3_600_000
const WIDTH = 480
const HEIGHT = 140
const SLOT = WIDTH / 24

/** Events of the last day by hour, before what the same hours usually have. The table says the same in figures. */
export function Baseline({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const { value, error, loading } = useQuery('assets.baseline', { id })
  if (error) return <ErrorState error={error} what={t('baseline.failed')} />
  if (!value) return <Loading waiting={loading} />
  const { hours, days, from } = value
  const most = Math.max(1, ...hours.map(({ count, most: top }) => Math.max(count, top ?? 0)))
  const y = (count: number): number => HEIGHT - (count / most) * HEIGHT
  const at = (hour: number): string => formatTime(Date.parse(from) + hour * HOUR).slice(0, 5)
  return (
    <div className="as-baseline">
      <p className="dim">
        {days === 0 ? t('baseline.noDays') : t('baseline.days', { count: days, figure: format.number(days) })}
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('baseline.title')} preserveAspectRatio="none">
        {hours.map(({ count, usual, least, most: top }, hour) => (
          <g key={hour}>
            {usual === null ? null : (
              <>
                <rect
                  className="as-range"
                  x={hour * SLOT}
                  y={y(top ?? 0)}
                  width={SLOT}
                  height={Math.max(1, y(least ?? 0) - y(top ?? 0))}
                />
                <rect className="as-usual" x={hour * SLOT} y={y(usual) - 1} width={SLOT} height="2" />
              </>
            )}
            <rect className="as-bar" x={hour * SLOT + SLOT * 0.3} y={y(count)} width={SLOT * 0.4} height={HEIGHT - y(count)} />
          </g>
        ))}
      </svg>
      <div className="as-scale">
        <span>{at(0)}</span>
        <span>{at(12)}</span>
        <span>{at(24)} UTC</span>
      </div>
      <table className="as-table">
        <thead>
          <tr>
            <th scope="col">{t('baseline.hour')}</th>
            <th scope="col" className="as-right">
              {t('baseline.now')}
            </th>
            <th scope="col" className="as-right">
              {t('baseline.usual')}
            </th>
            <th scope="col" className="as-right">
              {t('baseline.range')}
            </th>
          </tr>
        </thead>
        <tbody>
          {hours.map(({ count, usual, least, most: top }, hour) => (
            <tr key={hour} className={top !== null && count > top ? 'as-above' : undefined}>
              <td className="mono">{at(hour)}</td>
              <td className="mono as-right">{format.number(count)}</td>
              <td className="mono as-right">{usual === null ? '–' : format.number(usual)}</td>
              <td className="mono as-right">
                {least === null || top === null ? '–' : `${format.number(least)}–${format.number(top)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
