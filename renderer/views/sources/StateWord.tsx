import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sentence } from '../../../shared/model/sentence.ts'
import type { SourceState } from '../../../shared/model/source.ts'
import { useSentence } from '../../i18n/use-sentence.ts'

/** How a source is, with the word; only what wants a person has hue. */
export function StateWord({
  state,
  problem = null,
}: {
  readonly state: SourceState
  readonly problem?: Sentence | null
}): ReactNode {
  const { t } = useTranslation('sources')
  const sentence = useSentence()
  return (
    <span className={`so-state so-state-${state}`} title={problem === null ? undefined : sentence(problem)}>
      <i aria-hidden="true" />
      {t(`state.${state}`)}
    </span>
  )
}
