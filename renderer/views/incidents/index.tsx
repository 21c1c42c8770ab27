import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { INCIDENT_KEYS } from './incident-keys.ts'

export const view = defineView({
  id: 'incidents',
  icon: (
    <>
      <path d="M3 6h5l1.500 2H17v8H3z" />
      <path d="M3 6V4h5" />
    </>
  ),
  order: 350,
  go: 'i',
  Component: lazy(() => import('./IncidentsView.tsx')),
  shortcuts: INCIDENT_KEYS,
})
