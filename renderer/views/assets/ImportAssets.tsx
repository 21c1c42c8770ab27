import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssetImportFile } from '../../../shared/asset-contract.ts'
import type { Customer } from '../../../shared/model/asset.ts'
import { useJob, useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { ChosenPaths, useChoice } from '../../widgets/path-chooser/ChosenPaths.tsx'

/** Files of assets and of vulnerability data are chosen and read; then what came of each is said. */
export function ImportAssets({ customers, onClose }: { readonly customers: readonly Customer[]; onClose(): void }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const form = useId()
  const job = useJob('assets.import')
  const formats = useQuery('assets.formats', {})
  const choice = useChoice()
  const [customer, setCustomer] = useState('')
  const [tried, setTried] = useState(false)
  const [began, setBegan] = useState(0)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (choice.all.length === 0) return
    setBegan(Date.now())
    void job.run({ paths: [...choice.all], customer: customer === '' ? null : customer })
  }
  const done = job.result?.ok === true ? job.result.value.files : null
  const failed = job.result?.ok === false ? job.result.error : null
  return (
    <Dialog
      title={t('import.title')}
      wide
      onClose={onClose}
      footer={
        done ? (
          <Button key="close" kind="primary" data-autofocus="" onClick={onClose}>
            {t('common:close')}
          </Button>
        ) : job.running ? (
          <Button key="stop" icon="stop" onClick={job.cancel}>
            {t('common:loading.stop')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('common:cancel')}</Button>
            <Button kind="primary" type="submit" form={form}>
              {t('import.begin', { count: choice.all.length })}
            </Button>
          </>
        )
      }
    >
      {failed ? <ErrorState error={failed} what={t('import.failed')} works={t('import.kept')} /> : null}
      {done ? (
        <Done files={done} />
      ) : job.running ? (
        <div role="status">
          <p className="mono ellipsis">{visibleText(job.progress?.file ?? '')}</p>
          <p>
            {t('import.rows', { rows: format.number(job.progress?.rows ?? 0), wrong: format.number(job.progress?.wrong ?? 0) })}
          </p>
          <Loading bytes since={began} {...(job.progress ? { done: job.progress.bytes, of: job.progress.of } : {})} />
        </div>
      ) : (
        <form id={form} className="as-form" onSubmit={submit}>
          <p className="dim">
            {t('import.note')} {formats.value ? formats.value.formats.map(({ title }) => title).join(' · ') : ''}
          </p>
          <ChosenPaths choice={choice} missing={tried} />
          <Field label={t('import.customer')} note={t('import.customerNote')}>
            {(control) => (
              <select {...control} className="wf-input" value={customer} onChange={(event) => setCustomer(event.target.value)}>
                <option value="">{t('form.noCustomer')}</option>
                {customers.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {visibleText(name)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </form>
      )}
    </Dialog>
  )
}

function Done({ files }: { readonly files: readonly AssetImportFile[] }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  return (
    <ul className="as-done" role="status">
      {files.map(({ path, format: name, rows, added, changed, wrong, problems, refused }) => (
        <li key={path}>
          <code className="ellipsis">{visibleText(path)}</code>
          {refused === null ? (
            <p>
              {t('import.done', {
                format: name ?? '',
                rows: format.number(rows),
                added: format.number(added),
                changed: format.number(changed),
              })}
            </p>
          ) : (
            <p className="as-fault">{t(`refused.${refused}`)}</p>
          )}
          {wrong > 0 ? <p className="as-fault">{t('import.wrong', { count: wrong, figure: format.number(wrong) })}</p> : null}
          {problems.length > 0 ? (
            <ol>
              {problems.map(({ line, column, code, value }, index) => (
                <li key={index}>
                  <code>
                    {line}:{column}
                  </code>{' '}
                  {t(`problem.${code}`)} {value === '' ? null : <code>{visibleText(value)}</code>}
                </li>
              ))}
            </ol>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
