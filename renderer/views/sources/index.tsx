import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { SOURCE_KEYS } from './source-keys.ts'

export const view = defineView({
  id: 'sources',
  icon: (
    <>
      <path d="M3 10h9M9 6.500 12.500 10 9 13.500" />
      <path d="M9 3h8v14H9" />
    </>
  ),
  order: 600,
  go: 's',
  Component: lazy(() => import('./SourcesView.tsx')),
  shortcuts: SOURCE_KEYS,
})
