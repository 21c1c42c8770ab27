import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'

export const view = defineView({
  id: 'settings',
  icon: (
    <>
      <path d="M3 6h7M14 6h3M3 14h3M10 14h7" />
      <circle cx="12" cy="6" r="2" />
      <circle cx="8" cy="14" r="2" />
    </>
  ),
  order: 900,
  place: 'foot',
  go: ',',
  Component: lazy(() => import('./SettingsView.tsx')),
  shortcuts: [],
})
