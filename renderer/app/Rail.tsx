import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatShort } from '../format/number.ts'
import { useBadges } from '../state/badges.ts'
import { formatRoute } from './route.ts'
import type { ViewDefinition } from './define-view.ts'
import { VIEWS } from './views.ts'

/** Where one can go: 64 px on the left. */
export function Rail({ current }: { readonly current: string }): ReactNode {
  const { t } = useTranslation('shell')
  const badges = useBadges(({ badges }) => badges)
  const item = (view: ViewDefinition): ReactNode => {
    const count = badges[view.id] ?? 0
    return (
      <a
        key={view.id}
        href={formatRoute(view.id)}
        className={view.id === current ? 'on' : undefined}
        aria-current={view.id === current ? 'page' : undefined}
      >
        <svg className="icon" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          {view.icon}
        </svg>
        <span>{t(`${view.id}:title`)}</span>
        {count > 0 ? <i className="rail-badge">{formatShort(count)}</i> : null}
      </a>
    )
  }
  return (
    <nav className="rail" aria-label={t('rail')}>
      <div className="rail-logo" title={t('common:app')}>
        <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
          <path d="M4 8.500 9 20l5-11.500L19 20l5-11.500" />
          <path d="M4 24h20" opacity=".35" />
        </svg>
      </div>
      {VIEWS.filter(({ place }) => place !== 'foot').map(item)}
      <div className="grow" />
      {VIEWS.filter(({ place }) => place === 'foot').map(item)}
    </nav>
  )
}
