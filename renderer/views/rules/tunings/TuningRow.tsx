import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tuning } from '../../../../shared/model/triage.ts'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment, secondsSince } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'

const ENDS = ['source', 'destination', 'asset', 'user'] as const

/** What of a detection it fits. */
export function Matches({ tuning }: { readonly tuning: Tuning }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { match, threshold } = tuning
  const parts = [
    ...ENDS.flatMap((end) => (match[end] === null ? [] : [[t(`alerts:tune.end.${end}`), match[end]] as const])),
    ...Object.entries(match.fields),
  ]
  return (
    <>
      {parts.map(([name, value]) => (
        <span key={name} className="rt-match">
          {visibleText(name)} <b className="mono">{visibleText(value)}</b>
        </span>
      ))}
      {parts.length === 0 ? <span className="rt-match dim">{t('tuning.anything')}</span> : null}
      {threshold === null ? null : (
        <span className="rt-match">
          {t('tuning.below', { figure: format.number(threshold.count), age: format.length(threshold.seconds) })}
        </span>
      )}
    </>
  )
}

/** When it ends, or how it ended. */
export function Ends({ tuning }: { readonly tuning: Tuning }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const now = useEngineNow()
  const at = tuning.ended ?? tuning.expires
  return (
    <span title={formatExact(at)}>
      {tuning.state === 'active'
        ? t('tuning.in', { age: format.age(-secondsSince(tuning.expires, now)) })
        : t(`tuning.state.${tuning.state}`, { time: formatMoment(at, now) })}
    </span>
  )
}

export function TuningRow({
  tuning,
  chosen,
  onOpen,
}: {
  readonly tuning: Tuning
  readonly chosen: boolean
  onOpen(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const now = useEngineNow()
  return (
    <tr className={tuning.state === 'active' ? undefined : 'rt-over'}>
      <th scope="row">
        <button type="button" data-row="" aria-pressed={chosen} className="rs-open" onClick={onOpen}>
          {visibleText(tuning.title)}
        </button>
      </th>
      <td>{t(`alerts:tune.kinds.${tuning.kind}`)}</td>
      <td>
        <Matches tuning={tuning} />
      </td>
      <td>{visibleText(tuning.owner)}</td>
      <td className="rt-reason">{visibleText(tuning.reason)}</td>
      <td>
        <Ends tuning={tuning} />
      </td>
      <td
        className={tuning.removed > 0 ? 'num' : 'num dim'}
        title={tuning.kind === 'exception' ? t('tuning.notCounted') : undefined}
      >
        {tuning.kind === 'exception' ? '–' : format.number(tuning.removed)}
      </td>
      <td className="dim">
        {tuning.last === null ? '–' : <span title={formatExact(tuning.last)}>{formatMoment(tuning.last, now)}</span>}
      </td>
    </tr>
  )
}
