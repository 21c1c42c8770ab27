import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { RULE_KEYS } from './rule-keys.ts'

export const view = defineView({
  id: 'rules',
  icon: (
    <>
      <path d="M7 3H5v5l-2 2 2 2v5h2" />
      <path d="M13 3h2v5l2 2-2 2v5h-2" />
    </>
  ),
  order: 500,
  go: 'r',
  Component: lazy(() => import('./RulesView.tsx')),
  shortcuts: RULE_KEYS,
})
