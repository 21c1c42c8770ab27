import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { ALERT_KEYS } from './alert-keys.ts'

export const view = defineView({
  id: 'alerts',
  icon: (
    <>
      <path d="M10 3 17.5 16.5h-15z" />
      <path d="M10 8v4M10 14v.6" />
    </>
  ),
  order: 10,
  go: 'a',
  Component: lazy(() => import('./AlertsView.tsx')),
  shortcuts: ALERT_KEYS,
})
