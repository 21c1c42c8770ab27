import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { visibleText } from '../../format/text.ts'
import type { SourceState } from '../../../shared/model/source.ts'

/** How a source is, with the word; only what wants a person has hue. */
export function StateWord({
  state,
  problem = null,
}: {
  readonly state: SourceState
  readonly problem?: string | null
}): ReactNode {
  const { t } = useTranslation('sources')
  return (
    <span className={`so-state so-state-${state}`} title={problem === null ? undefined : visibleText(problem)}>
      <i aria-hidden="true" />
      {t(`state.${state}`)}
    </span>
  )
}
