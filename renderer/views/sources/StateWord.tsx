import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceState } from '../../../shared/model/source.ts'

/** How a source is, with the word; only what wants a person has hue. */
export function StateWord({ state }: { readonly state: SourceState }): ReactNode {
  const { t } = useTranslation('sources')
  return <span className={`so-state so-state-${state}`}><i aria-hidden="true" />{t(`state.${state}`)}</span>
}
