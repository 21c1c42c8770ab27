import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { ASSET_KEYS } from './asset-keys.ts'

export const view = defineView({
  id: 'assets',
  icon: (
    <>
      <path d="M3 4h14v5H3zM3 11h14v5H3z" />
      <path d="M6 6.500h1M6 13.500h1M10 6.500h4M10 13.500h4" />
    </>
  ),
  order: 400,
  go: 'h',
  Component: lazy(() => import('./AssetsView.tsx')),
  shortcuts: ASSET_KEYS,
})
