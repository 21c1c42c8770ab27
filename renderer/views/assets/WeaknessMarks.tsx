import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WeaknessCounts } from '../../../shared/asset-contract.ts'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { useFormat } from '../../i18n/use-format.ts'

const SHOWN = ['critical', 'high', 'medium', 'low'] as const

/** How many of each severity, and how many are known exploited. */
export function WeaknessMarks({ counts }: { readonly counts: WeaknessCounts }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const some = SHOWN.filter((severity) => counts[severity] > 0)
  if (some.length === 0 && counts.info === 0) return <span className="dim">–</span>
  return (
    <span className="as-marks">
      {counts.exploited > 0 ? (
        <b
          className="as-kev"
          title={t('weakness.exploitedCount', { count: counts.exploited, figure: format.number(counts.exploited) })}
        >
          {t('weakness.kev')} {format.number(counts.exploited)}
        </b>
      ) : null}
      {some.map((severity) => (
        <span key={severity}>
          <SeverityGlyph severity={severity} size={14} />
          {format.number(counts[severity])}
        </span>
      ))}
    </span>
  )
}
