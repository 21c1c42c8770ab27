import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PaneHead } from '../../../components/Pane.tsx'

/** Name of the picture, and what its lines mean. */
export function RouteHead(): ReactNode {
  const { t } = useTranslation('incidents')
  return (
    <PaneHead title={t('pane.route')}>
      {(['worked', 'tried', 'seen'] as const).map((state) => (
        <span key={state} className="in-legend">
          <svg width="20" height="8" aria-hidden="true">
            <path d="M0 4h20" className={`in-edgeline in-edge-${state}`} />
          </svg>
          {t(`edgeState.${state}`)}
        </span>
      ))}
    </PaneHead>
  )
}
