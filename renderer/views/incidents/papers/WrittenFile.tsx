import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'

/** A file that was written: where it is, and a hash of it, whole, to be copied. */
export function WrittenFile({
  path,
  bytes,
  hash,
  hashName,
}: {
  readonly path: string
  readonly bytes: number
  readonly hash: string
  readonly hashName: string
}): ReactNode {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const copy = (text: string): void =>
    void navigator.clipboard.writeText(text).then(
      () => say(t('copied')),
      () => say(t('notCopied'), 'fault'),
    )
  const name = visibleText(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1))
  return (
    <dl className="in-written">
      <dt>{t('path')}</dt>
      <dd>
        <code>{visibleText(path)}</code>
        <Button small kind="quiet" iconOnly icon="copy" aria-label={t('copyPath', { name })} onClick={() => copy(path)} />
        <span className="in-quiet">{format.bytes(bytes)}</span>
      </dd>
      <dt>{hashName}</dt>
      <dd>
        <code>{hash}</code>
        <Button small kind="quiet" iconOnly icon="copy" aria-label={t('copyHash', { name })} onClick={() => copy(hash)} />
      </dd>
    </dl>
  )
}
