import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Severity } from '../../shared/model/severity.ts'
import './severity.css'

const SHAPES: Record<Severity, { readonly letter: string; readonly y: number; readonly shape: ReactNode }> = {
  critical: { letter: 'C', y: 12.4, shape: <polygon points="5.7,1 12.3,1 17,5.7 17,12.3 12.3,17 5.7,17 1,12.3 1,5.7" /> },
  high: { letter: 'H', y: 14.3, shape: <path d="M9 1.6 17 16.2H1z" strokeWidth="1.4" strokeLinejoin="round" /> },
  medium: { letter: 'M', y: 12.4, shape: <path d="M9 .9 17.1 9 9 17.1.9 9z" /> },
  low: { letter: 'L', y: 12.4, shape: <circle cx="9" cy="9" r="7.5" /> },
  info: { letter: 'I', y: 12.4, shape: <rect x="1.6" y="1.6" width="14.800" height="14.800" rx="1" /> },
}

/** Shape, letter and colour, always together: the inside of an SVG of 18 × 18 (for graphs). */
export function SeverityShape({ severity }: { readonly severity: Severity }): ReactNode {
  const { letter, y, shape } = SHAPES[severity]
  return (
    <g className={`wf-sev wf-sev-${severity}`}>
      {shape}
      <text x="9" y={y}>
        {letter}
      </text>
    </g>
  )
}

/** What was tried. 18 px in grids, 13–14 in lines of text. */
export function SeverityGlyph({ severity, size = 18 }: { readonly severity: Severity; readonly size?: number }): ReactNode {
  const { t } = useTranslation()
  return (
    <svg className="wf-sevglyph" width={size} height={size} viewBox="0 0 18 18" role="img" aria-label={t(`severity.${severity}`)}>
      <SeverityShape severity={severity} />
    </svg>
  )
}
