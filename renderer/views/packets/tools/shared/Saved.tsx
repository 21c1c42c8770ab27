import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../../components/Button.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useCopy } from './use-copy.ts'

/** What was written, where it is, and its hash: whole, to be copied. */
export function Saved({
  what,
  path,
  sha256,
}: {
  readonly what: string
  readonly path: string
  readonly sha256?: string
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const copy = useCopy()
  return (
    <div className="pt-saved" role="status">
      <b>{what}</b>
      <dl>
        <dt>{t('saved.path')}</dt>
        <dd>
          <code>{visibleText(path)}</code>
          <Button small kind="quiet" iconOnly icon="copy" aria-label={t('saved.copyPath')} onClick={() => copy(path)} />
        </dd>
        {sha256 === undefined ? null : (
          <>
            <dt>{t('saved.hash')}</dt>
            <dd>
              <code>{sha256}</code>
              <Button small kind="quiet" iconOnly icon="copy" aria-label={t('saved.copyHash')} onClick={() => copy(sha256)} />
            </dd>
          </>
        )}
      </dl>
    </div>
  )
}
