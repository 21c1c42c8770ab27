import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseProgress } from '../../../../shared/case-file-contract.ts'
import { Loading } from '../../../components/States.tsx'

/** What is done with a case file just now, and how far it is. */
export function CaseSteps({
  progress,
  since,
  onStop,
}: {
  readonly progress: CaseProgress | null
  readonly since: number
  onStop(): void
}): ReactNode {
  const { t } = useTranslation('papers')
  const step = progress?.step ?? 'copying'
  return (
    <div role="status">
      <p className="in-quiet">{t(`case.step.${step}`)}</p>
      <Loading
        since={since}
        bytes={step === 'checking'}
        onStop={onStop}
        {...(progress !== null && progress.of > 0 ? { done: progress.done, of: progress.of } : {})}
      />
    </div>
  )
}
