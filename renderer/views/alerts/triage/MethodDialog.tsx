import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { VERDICTS } from '../../../../shared/model/alert.ts'
import { Dialog } from '../../../components/Popover.tsx'
import { VerdictLabel } from '../../../components/Verdict.tsx'
import { useReasons } from './own-reasons.ts'
import { OwnReasons } from './OwnReasons.tsx'

/** How alerts are decided: the steps, and what each verdict means with its reasons. */
export function MethodDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('alerts')
  const reasons = useReasons()
  return (
    <Dialog title={t('method.title')} wide onClose={onClose}>
      <ol className="al-method">
        {(['see', 'verify', 'judge', 'reason', 'follow'] as const).map((step) => (
          <li key={step}>{t(`method.step.${step}`)}</li>
        ))}
      </ol>
      <dl className="al-method-verdicts">
        {VERDICTS.map((verdict) => (
          <div key={verdict}>
            <dt>
              <VerdictLabel verdict={verdict} />
            </dt>
            <dd>
              {t(`method.verdict.${verdict}`)} <span className="dim">{reasons.of(verdict).map(reasons.text).join(' · ')}</span>
            </dd>
          </div>
        ))}
      </dl>
      <OwnReasons reasons={reasons} />
    </Dialog>
  )
}
