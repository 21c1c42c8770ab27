import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { ErrorState } from '../../../../components/States.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { useNotice } from '../../../../state/notice.ts'
import { PathChooser } from '../../../../widgets/path-chooser/PathChooser.tsx'
import type { ToolProps } from '../define.ts'
import { TypedField } from '../shared/TypedField.tsx'
import { ToolFrame } from '../shared/ToolFrame.tsx'

/** Secrets with which TLS is read: those in the capture itself, and a key-log file. */
export default function KeysTool({ capture, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const keys = useCommand('captures.keys')
  const { embedded, keyLog } = capture.secrets
  const [path, setPath] = useState(keyLog ?? '')
  const set = async (to: string | null): Promise<void> => {
    const result = await keys.run({ capture: capture.id, path: to })
    if (!result.ok) return
    if (to === null) setPath('')
    say(t(to === null ? 'secrets.removed' : 'secrets.used'))
  }
  const typed = path.trim()
  return (
    <ToolFrame title={t('tool.keys')} onClose={onClose}>
      <div className="pt-form">
        <dl className="pt-pairs">
          <dt>{t('secrets.embedded')}</dt>
          <dd>{format.number(embedded)}</dd>
          <dt>{t('secrets.file')}</dt>
          <dd>
            {keyLog === null ? t('secrets.none') : <code>{visibleText(keyLog)}</code>}
            {keyLog === null ? null : (
              <Button small disabled={keys.running} onClick={() => void set(null)}>
                {t('secrets.remove')}
              </Button>
            )}
          </dd>
        </dl>
        <p className="pt-note">{t('secrets.note')}</p>
        {keys.error ? <ErrorState error={keys.error} what={t('secrets.failed')} /> : null}
        <TypedField label={t('secrets.path')} value={path} onChange={setPath} />
        <PathChooser chosen={typed === '' ? [] : [typed]} onChoose={(chosen) => setPath(chosen)} />
        <div className="pt-actions">
          <Button kind="primary" disabled={typed === '' || typed === keyLog || keys.running} onClick={() => void set(typed)}>
            {t('secrets.use')}
          </Button>
        </div>
      </div>
    </ToolFrame>
  )
}
