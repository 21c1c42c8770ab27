import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJob } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEditor } from '../editor/editor-context.ts'
import { CaseSteps } from './CaseSteps.tsx'
import { FolderField } from './FolderField.tsx'
import { WrittenFile } from './WrittenFile.tsx'
import './papers.css'

/** The whole incident into one file for another desk. */
export function ExportCase({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const form = useId()
  const { number } = useEditor()
  const job = useJob('incidents.exportCase')
  const [folder, setFolder] = useState('')
  const [began, setBegan] = useState(0)
  const failed = job.result?.ok === false && job.result.error.code !== 'cancelled' ? job.result.error : null
  const badFolder = failed?.code === 'invalid_input' && failed.path === 'folder'
  const done = job.result?.ok === true ? job.result.value : null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (job.running) return
    setBegan(Date.now())
    void job.run({ number, folder: folder.trim() || null })
  }
  return (
    <Dialog
      title={t('case.exportTitle', { number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:close')}</Button>
          {done ? null : (
            <Button kind="primary" icon="save" type="submit" form={form} disabled={job.running}>
              {t('case.write')}
            </Button>
          )}
        </>
      }
    >
      <form id={form} className="in-form" onSubmit={submit}>
        <p>{t('case.about')}</p>
        <p className="in-quiet">{t('case.whole')}</p>
        {done ? null : (
          <FolderField
            value={folder}
            problem={badFolder ? t('noFolder') : null}
            onChange={(to) => {
              setFolder(to)
              job.forget()
            }}
          />
        )}
        {job.running ? <CaseSteps progress={job.progress} since={began} onStop={job.cancel} /> : null}
        {failed && !badFolder ? <ErrorState error={failed} what={t('case.notWritten')} works={t('report.none')} /> : null}
        {done ? (
          <div className="in-saved" role="status">
            <b>
              {t('case.written', {
                alerts: format.number(done.alerts),
                events: format.number(done.events),
                evidence: format.number(done.evidence),
              })}
            </b>
            <WrittenFile path={done.path} bytes={done.bytes} hash={done.sha256} hashName={'SHA-256'} />
            <p className="in-quiet">
              {t('case.content')} <code>{done.content}</code>
            </p>
          </div>
        ) : null}
      </form>
    </Dialog>
  )
}
