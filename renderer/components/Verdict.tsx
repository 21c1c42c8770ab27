import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Verdict } from '../../shared/model/alert.ts'
import './verdict.css'

/** What a person decided, always as a word. `short` for buttons and grids. */
export function VerdictLabel({ verdict, short = false }: { readonly verdict: Verdict; readonly short?: boolean }): ReactNode {
  const { t } = useTranslation()
  return (
    <span className={`wf-verdict wf-verdict-${verdict}`} title={short ? t(`verdict.${verdict}`) : undefined}>
      {t(short ? `verdictShort.${verdict}` : `verdict.${verdict}`)}
    </span>
  )
}

export type Impact = 'succeeded' | 'likely' | 'attempted' | 'failed' | 'blocked' | 'unverified'

const MARKS: Record<Exclude<Impact, 'unverified'>, ReactNode> = {
  succeeded: (
    <>
      <circle cx="6" cy="6" r="5" strokeWidth="1.5" />
      <circle cx="6" cy="6" r="2.400" fill="currentColor" stroke="none" />
    </>
  ),
  likely: (
    <>
      <circle cx="6" cy="6" r="4.800" />
      <path d="M6 1.200a4.800 4.800 0 0 1 0 9.600z" fill="currentColor" stroke="none" />
    </>
  ),
  attempted: <circle cx="6" cy="6" r="4.800" strokeDasharray="2.500 1.270" />,
  failed: <path d="m2.500 2.500 7 7M9.500 2.500l-7 7" strokeWidth="1.400" />,
  blocked: (
    <>
      <circle cx="6" cy="6" r="4.800" />
      <path d="M3 6h6" strokeWidth="1.600" />
    </>
  ),
}

/** What worked: its own hue, always with the word. `unverified` is neutral: nothing is known. */
export function ImpactBadge({ impact }: { readonly impact: Impact }): ReactNode {
  const { t } = useTranslation()
  return (
    <span className={`wf-impact wf-impact-${impact}`}>
      {impact === 'unverified' ? null : (
        <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="1.300" aria-hidden="true">
          {MARKS[impact]}
        </svg>
      )}
      {t(`impact.${impact}`)}
    </span>
  )
}
