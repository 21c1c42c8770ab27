import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'

/** Why a pack was not taken or not written; the engine names the entry or the path. */
export function Refused({
  doing,
  error,
  onRetry,
}: {
  readonly doing: 'read' | 'import' | 'export'
  readonly error: WatchfloorError
  onRetry?(): void
}): ReactNode {
  const { t } = useTranslation('packs')
  const { code, message } = error
  if (code !== 'invalid_input' && code !== 'conflict' && code !== 'unsupported_format' && code !== 'not_found')
    return <ErrorState error={error} what={t(`refused.${doing}.what`)} {...(onRetry ? { onRetry } : {})} />
  return (
    <div className="wf-error" role="alert">
      <b>{t(`refused.${doing}.what`)}</b>
      <span>{t(`refused.${doing}.${code}`)}</span>
      <span>
        <code className="ru-break">{visibleText(message)}</code>
      </span>
      {onRetry && code === 'conflict' ? (
        <div className="wf-error-actions">
          <Button small onClick={onRetry}>
            {t('preview.again')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
