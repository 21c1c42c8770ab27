import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseVerified } from '../../../../shared/case-file-contract.ts'
import { navigate } from '../../../app/route.ts'
import { useJob } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { PathChooser } from '../../../widgets/path-chooser/PathChooser.tsx'
import { incidentWay } from '../ways.ts'
import { CaseSteps } from './CaseSteps.tsx'
import './papers.css'

/** A case file of another desk: first looked at, then taken in. */
export function ImportCase({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('papers')
  const form = useId()
  const check = useJob('incidents.verifyCase')
  const take = useJob('incidents.importCase')
  const [path, setPath] = useState('')
  const [began, setBegan] = useState(0)
  const [tried, setTried] = useState(false)
  const running = check.running || take.running
  const verified = check.result?.ok === true ? check.result.value : null
  const taken = take.result?.ok === true ? take.result.value : null
  const errorOf = (job: { readonly result: typeof check.result | typeof take.result }) =>
    job.result?.ok === false && job.result.error.code !== 'cancelled' ? job.result.error : null
  const [notChecked, notTaken] = [errorOf(check), errorOf(take)]
  const standing = verified?.standing ?? null
  const ready = standing !== null && standing.state !== 'here'
  const look = (at: string): void => {
    setTried(true)
    if (at.trim() === '' || running) return
    setBegan(Date.now())
    take.forget()
    void check.run({ path: at.trim() })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!ready) return look(path)
    if (running) return
    setBegan(Date.now())
    void take.run({ path: path.trim() })
  }
  const open = (number: string): void => {
    onClose()
    navigate(incidentWay(number))
  }
  return (
    <Dialog
      title={t('case.importTitle')}
      wide
      onClose={onClose}
      footer={
        taken ? (
          <>
            <Button onClick={onClose}>{t('common:close')}</Button>
            <Button key="open" ref={focusOn} kind="primary" onClick={() => open(taken.number)}>
              {t('case.open', { number: taken.number })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t('common:cancel')}</Button>
            <Button key="go" kind="primary" type="submit" form={form} disabled={running || (verified !== null && !ready)}>
              {t(ready ? 'case.take' : 'case.check')}
            </Button>
          </>
        )
      }
    >
      <form id={form} className="in-form" onSubmit={submit}>
        {taken ? (
          <TakenIn taken={taken} />
        ) : (
          <>
            <Field
              label={t('case.file')}
              note={t('case.fileNote')}
              problem={tried && path.trim() === '' ? t('case.noFile') : null}
            >
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  data-autofocus=""
                  spellCheck={false}
                  maxLength={4096}
                  value={path}
                  disabled={running}
                  onChange={(event) => {
                    setPath(event.target.value)
                    check.forget()
                    take.forget()
                  }}
                />
              )}
            </Field>
            {verified === null && !running ? (
              <PathChooser
                chosen={[path]}
                onChoose={(chosen) => {
                  setPath(chosen)
                  look(chosen)
                }}
              />
            ) : null}
            {check.running ? <CaseSteps progress={check.progress} since={began} onStop={check.cancel} /> : null}
            {notChecked ? (
              <ErrorState error={notChecked} what={t(notChecked.code === 'not_found' ? 'case.notThere' : 'case.notChecked')} />
            ) : null}
            {verified ? <Looked verified={verified} onOpen={open} /> : null}
            {take.running ? <CaseSteps progress={take.progress} since={began} onStop={take.cancel} /> : null}
            {notTaken ? <ErrorState error={notTaken} what={t('case.notTaken')} works={t('case.noIncident')} /> : null}
          </>
        )}
      </form>
    </Dialog>
  )
}

/** What had the focus is gone when the import is over. */
const focusOn = (button: HTMLButtonElement | null): void => button?.focus()

/** What the file is, and what is wrong with it. */
function Looked({ verified, onOpen }: { readonly verified: CaseVerified; onOpen(number: string): void }): ReactNode {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const { manifest, findings, standing } = verified
  return (
    <section className="in-case" aria-label={t('case.looked')}>
      {manifest ? (
        <>
          <h3>
            <span className="mono">{manifest.incident}</span> {visibleText(manifest.title)}
          </h3>
          <dl className="in-written">
            <dt>{t('case.made')}</dt>
            <dd>
              {t('case.madeBy', {
                time: formatExact(manifest.made),
                by: visibleText(manifest.by),
                desk: visibleText(manifest.desk),
                software: visibleText(manifest.software),
              })}
            </dd>
            <dt>{t('case.holds')}</dt>
            <dd>
              {t('case.counts', {
                alerts: format.number(manifest.alerts),
                events: format.number(manifest.events),
                evidence: format.number(verified.evidence),
                ledger: format.number(verified.ledger),
                size: format.bytes(verified.bytes),
              })}
            </dd>
            <dt>{t('case.last')}</dt>
            <dd>
              <code>{manifest.last}</code>
            </dd>
          </dl>
        </>
      ) : null}
      {findings.length > 0 ? (
        <div role="alert">
          <p className="in-fault">
            <b>{t('case.wrong', { count: findings.length, figure: format.number(findings.length) })}</b> {t('case.refused')}
          </p>
          <ul className="in-findings">
            {findings.map(({ what, code, where, message }, index) => (
              <li key={index}>
                <b>
                  {t(`case.what.${what}`)} {where === '' ? null : <code>{visibleText(where)}</code>}
                </b>{' '}
                {t(`case.finding.${code}`)}
                {DETAILED.has(code) ? <code>{visibleText(message)}</code> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : standing?.state === 'here' ? (
        <p role="status">
          {t('case.here', { number: standing.number })}{' '}
          <a
            className="link mono"
            href={incidentWay(standing.number)}
            onClick={(event) => {
              event.preventDefault()
              onOpen(standing.number)
            }}
          >
            {standing.number}
          </a>
        </p>
      ) : standing ? (
        <p role="status">
          <b>{t('case.intact')}</b> {t(standing.state === 'new' ? 'case.asNew' : 'case.asNumber', { number: standing.number })}
        </p>
      ) : null}
    </section>
  )
}
/** Findings whose English message says more than their sentence. */
const DETAILED: ReadonlySet<string> = new Set(['damaged', 'other_version', 'row_wrong', 'file_beside', 'entry_book'])

function TakenIn({
  taken: { number, original, alerts, events, evidence },
}: {
  readonly taken: { number: string; original: string; alerts: number; events: number; evidence: number }
}): ReactNode {
  const { t } = useTranslation('papers')
  const format = useFormat()
  return (
    <div className="in-saved" role="status">
      <b>{t('case.taken', { number })}</b>
      <p>
        {t('case.takenCounts', {
          alerts: format.number(alerts),
          events: format.number(events),
          evidence: format.number(evidence),
        })}
      </p>
      {number === original ? null : <p>{t('case.takenAs', { original, number })}</p>}
    </div>
  )
}
