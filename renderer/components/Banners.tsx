import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import './banners.css'

/** A line across the screen, only where data may be lost or figures are not live. */
export function BannerBar({
  tone,
  children,
  actions,
}: {
  readonly tone: 'fault' | 'late' | 'info'
  readonly children: ReactNode
  readonly actions?: ReactNode
}): ReactNode {
  return (
    <div className={`wf-banner wf-banner-${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon name={tone === 'info' ? 'info' : 'warning'} />
      <span className="grow">{children}</span>
      {actions}
    </div>
  )
}
