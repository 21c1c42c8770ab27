import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TLPS, type Tlp } from '../../../../shared/model/incident.ts'
import { REPORT_FORMATS, REPORT_LANGUAGES, type ReportFormat, type ReportLanguage } from '../../../../shared/model/report.ts'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useJob } from '../../../client/hooks.ts'
import type { OutputOf } from '../../../client/types.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEditor } from '../editor/editor-context.ts'
import { FolderField } from './FolderField.tsx'
import { usePreview, withoutLinks } from './use-preview.ts'
import { WrittenFile } from './WrittenFile.tsx'
import './papers.css'

type Written = OutputOf<'incidents.writeReport'> & { readonly language: ReportLanguage }
type Audience = 'internal' | 'customer'

/** The incident as a document: for whom, in which languages, as which files; shown before it is written. */
export function ReportDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const { number, incident } = useEditor()
  const form = useId()
  const job = useJob('incidents.writeReport')
  const [audience, setAudience] = useState<Audience>('internal')
  const [tlp, setTlp] = useState<Tlp>('AMBER')
  const [mask, setMask] = useState(true)
  const [languages, setLanguages] = useState<readonly ReportLanguage[]>([format.language])
  const [formats, setFormats] = useState<readonly ReportFormat[]>(['pdf'])
  const [shown, setShown] = useState<ReportLanguage>(format.language)
  const [folder, setFolder] = useState('')
  const [turn, setTurn] = useState(0)
  const [writing, setWriting] = useState<ReportLanguage | null>(null)
  const [written, setWritten] = useState<readonly Written[]>([])
  const [failed, setFailed] = useState<WatchfloorError | null>(null)
  const customer = audience === 'customer' ? { tlp, mask } : null
  const above = customer !== null && TLPS.indexOf(incident.tlp) > TLPS.indexOf(tlp)
  const preview = usePreview(above ? null : { number, language: shown, customer }, turn)
  const nothing = languages.length === 0 || formats.length === 0
  const badFolder = failed?.code === 'invalid_input' && failed.path === 'folder'

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (nothing || above || writing !== null) return
    setFailed(null)
    setWritten([])
    for (const language of REPORT_LANGUAGES.filter((one) => languages.includes(one))) {
      setWriting(language)
      const done = await job.run({ number, language, customer, formats: [...formats], folder: folder.trim() || null })
      if (!done.ok) {
        if (done.error.code !== 'cancelled') setFailed(done.error)
        break
      }
      setWritten((before) => [...before, { ...done.value, language }])
    }
    setWriting(null)
  }
  return (
    <Dialog
      title={t('report.title', { number })}
      className="in-papers"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:close')}</Button>
          <Button kind="primary" icon="save" type="submit" form={form} disabled={nothing || above || writing !== null}>
            {t('report.write')}
          </Button>
        </>
      }
    >
      <div className="in-report">
        <form id={form} className="in-form" onSubmit={(event) => void submit(event)}>
          <Segmented
            label={t('report.audience')}
            value={audience}
            segments={(['internal', 'customer'] as const).map((one) => ({ value: one, label: t(`report.${one}`) }))}
            onChange={setAudience}
          />
          {audience === 'customer' ? (
            <>
              <Field
                label={t('report.tlp')}
                note={t(`incidents:tlp.${tlp === 'AMBER+STRICT' ? 'STRICT' : tlp}`)}
                problem={above ? t('report.above', { tlp: incident.tlp }) : null}
              >
                {(control) => (
                  <select
                    {...control}
                    className="wf-input wf-select"
                    value={tlp}
                    onChange={(event) => setTlp(event.target.value as Tlp)}
                  >
                    {TLPS.map((one) => (
                      <option key={one} value={one}>{`TLP:${one}`}</option>
                    ))}
                  </select>
                )}
              </Field>
              <label className="wf-check">
                <input type="checkbox" checked={mask} onChange={(event) => setMask(event.target.checked)} />
                {t('report.mask')}
              </label>
            </>
          ) : null}
          <div className="in-masks">
            <ul>
              {(audience === 'internal'
                ? ['all']
                : ['internalOut', 'aboveOut', mask ? (incident.customer === null ? 'maskAll' : 'maskOthers') : 'noMask']
              ).map((one) => (
                <li key={one}>{t(`report.says.${one}`, { tlp })}</li>
              ))}
            </ul>
            {preview.redacted && !preview.running ? (
              <p role="status">
                {t('report.leftOut', { count: preview.redacted.leftOut, figure: format.number(preview.redacted.leftOut) })}{' '}
                {t('report.masked', { count: preview.redacted.masked, figure: format.number(preview.redacted.masked) })}
              </p>
            ) : null}
          </div>
          <Choices
            label={t('report.languages')}
            of={REPORT_LANGUAGES}
            chosen={languages}
            name={(one) => t(`report.language.${one}`)}
            onChange={(to) => {
              setLanguages(to)
              const [only] = to
              if (to.length === 1 && only) setShown(only)
            }}
          />
          <Choices
            label={t('report.formats')}
            of={REPORT_FORMATS}
            chosen={formats}
            name={(one) => one.toUpperCase()}
            onChange={setFormats}
          />
          {nothing ? <p className="in-fault">{t('report.nothing')}</p> : null}
          <FolderField value={folder} problem={badFolder ? t('noFolder') : null} onChange={setFolder} />
          {writing === null ? null : <Loading waiting share={job.progress?.part ?? 0} onStop={job.cancel} />}
          {failed && !badFolder ? (
            <ErrorState error={failed} what={t('report.failed')} works={t(written.length > 0 ? 'report.some' : 'report.none')} />
          ) : null}
          {written.length > 0 ? <WrittenReports written={written} /> : null}
        </form>
        <section className="in-preview" aria-label={t('report.preview')} aria-busy={preview.running}>
          <div className="in-previewbar">
            <h3>{t('report.preview')}</h3>
            <Segmented
              label={t('report.previewLanguage')}
              value={shown}
              segments={REPORT_LANGUAGES.map((one) => ({ value: one, label: t(`report.language.${one}`) }))}
              onChange={setShown}
            />
          </div>
          <Loading waiting={preview.running} share={preview.part} />
          {above ? (
            <p className="in-none">{t('report.above', { tlp: incident.tlp })}</p>
          ) : preview.error ? (
            <ErrorState error={preview.error} what={t('report.notShown')} onRetry={() => setTurn(turn + 1)} />
          ) : preview.html === false ? (
            <p className="in-none">{t('report.tooLong')}</p>
          ) : preview.html === null ? null : (
            // Nothing in it may run, load, or lead out of it: without any permission, and under its own policy and ours.
            <iframe sandbox="" tabIndex={0} title={t('report.preview')} srcDoc={withoutLinks(preview.html)} />
          )}
        </section>
      </div>
    </Dialog>
  )
}

function Choices<T extends string>({
  label,
  of,
  chosen,
  name,
  onChange,
}: {
  readonly label: string
  readonly of: readonly T[]
  readonly chosen: readonly T[]
  name(one: T): string
  onChange(to: readonly T[]): void
}): ReactNode {
  return (
    <fieldset className="in-choices">
      <legend>{label}</legend>
      {of.map((one) => (
        <label key={one} className="wf-check">
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={(event) => onChange(of.filter((other) => (other === one ? event.target.checked : chosen.includes(other))))}
          />
          {name(one)}
        </label>
      ))}
    </fieldset>
  )
}

function WrittenReports({ written }: { readonly written: readonly Written[] }): ReactNode {
  const { t } = useTranslation('papers')
  const files = written.flatMap((one) => one.files)
  return (
    <div className="in-saved" role="status">
      <b>{t('report.done', { count: files.length })}</b>
      {files.map(({ path, bytes, sha256 }) => (
        <WrittenFile key={path} path={path} bytes={bytes} hash={sha256} hashName={'SHA-256'} />
      ))}
      {written.map(({ language, document }) => (
        <p key={language} className="in-quiet">
          {t('report.document', { language: t(`report.language.${language}`) })} <code>{document}</code>
        </p>
      ))}
    </div>
  )
}
