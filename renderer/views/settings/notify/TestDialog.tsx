import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MailAddress, NOTIFY_LANGUAGES, type Channel, type NotifyLanguage } from '../../../../shared/model/notification.ts'
import type { OutputOf } from '../../../client/types.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useSentence } from '../../../i18n/use-sentence.ts'
import { TextField } from './TextField.tsx'

/** Sends a test message and says what came of it. */
export function TestDialog({ channel, onClose }: { readonly channel: Channel; onClose(): void }): ReactNode {
  const { t } = useTranslation('notify')
  const format = useFormat()
  const sentence = useSentence()
  const form = useId()
  const mails = channel.settings.kind === 'smtp'
  const [to, setTo] = useState('')
  const [language, setLanguage] = useState<NotifyLanguage>(format.language)
  const [tried, setTried] = useState(false)
  const [result, setResult] = useState<OutputOf<'notify.test'> | null>(null)
  const test = useCommand('notify.test')
  const fits = !mails || MailAddress.safeParse(to.trim()).success
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    setResult(null)
    if (!fits) return
    const done = await test.run({ channel: channel.id, to: mails ? to.trim() : null, language })
    if (done.ok) setResult(done.value)
  }
  return (
    <Dialog
      title={t('channels.testOf', { name: visibleText(channel.settings.name) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:close')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={test.running}>
            {t('test.send')}
          </Button>
        </>
      }
    >
      <form id={form} className="no-form" onSubmit={(event) => void submit(event)} noValidate>
        {mails ? (
          <TextField
            label={t('test.to')}
            value={to}
            mono
            focus
            problem={tried && !fits ? t('problem.address') : null}
            onChange={setTo}
          />
        ) : null}
        <Segmented
          label={t('form.language')}
          value={language}
          onChange={setLanguage}
          segments={NOTIFY_LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
        />
      </form>
      <Loading waiting={test.running} />
      {test.error ? <ErrorState error={test.error} what={t('test.failed')} /> : null}
      {result === null ? null : (
        <div role="status" className={result.problem === null ? 'no-result' : 'no-result no-problem'}>
          <span>
            {result.problem === null
              ? t('test.sent', { span: format.span(result.took / 1000) })
              : t('test.not', { problem: sentence(result.problem) })}
          </span>
          {result.answer === '' ? null : <code>{visibleText(result.answer)}</code>}
        </div>
      )}
    </Dialog>
  )
}
