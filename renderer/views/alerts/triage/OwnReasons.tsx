import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { VERDICTS, type Verdict } from '../../../../shared/model/alert.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { VerdictLabel } from '../../../components/Verdict.tsx'
import { visibleText } from '../../../format/text.ts'
import { useReasonsTurn, type Reasons } from './own-reasons.ts'

const changed = (): void => useReasonsTurn.setState(({ turn }) => ({ turn: turn + 1 }))

/** The desk's own reasons: added with words in both languages, retired, and offered again. Shipped ones stay. */
export function OwnReasons({ reasons }: { readonly reasons: Reasons }): ReactNode {
  const { t } = useTranslation('alerts')
  const [verdict, setVerdict] = useState<Verdict>('false_positive')
  const [words, setWords] = useState({ en: '', ko: '' })
  const [asked, setAsked] = useState(false)
  const add = useCommand('triage.addReason')
  const retire = useCommand('triage.retireReason')
  const missing = { en: words.en.trim() === '', ko: words.ko.trim() === '' }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (missing.en || missing.ko || add.running) return
    void add.run({ verdict, words: { en: words.en.trim(), ko: words.ko.trim() } }).then((done) => {
      if (!done.ok) return
      changed()
      setWords({ en: '', ko: '' })
      setAsked(false)
    })
  }
  return (
    <section className="al-own" aria-label={t('own.title')}>
      <h3>{t('own.title')}</h3>
      <p className="dim">{t('own.note')}</p>
      {reasons.own.length === 0 ? null : (
        <ul>
          {reasons.own.map(({ code, verdict: of, words: own, retired, createdBy }) => (
            <li key={code} className={retired ? 'dim' : undefined}>
              <VerdictLabel verdict={of} short />
              <span>{visibleText(own.en)}</span>
              <span lang="ko">{visibleText(own.ko)}</span>
              <span className="dim">{visibleText(createdBy)}</span>
              <Button
                small
                disabled={retire.running}
                aria-label={t(retired ? 'own.restoreOf' : 'own.retireOf', { name: reasons.text(code) })}
                onClick={() => void retire.run({ code, retired: !retired }).then((done) => done.ok && changed())}
              >
                {t(retired ? 'own.restore' : 'own.retire')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {retire.error ? <ErrorState error={retire.error} what={t('own.failed')} /> : null}
      <form onSubmit={submit}>
        <Field label={t('decide.verdict')}>
          {(control) => (
            <select
              {...control}
              className="wf-input"
              value={verdict}
              onChange={({ target }) => setVerdict(VERDICTS.find((one) => one === target.value) ?? 'false_positive')}
            >
              {VERDICTS.map((one) => (
                <option key={one} value={one}>
                  {t(`common:verdict.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {(['en', 'ko'] as const).map((language) => (
          <Field key={language} label={t(`own.words.${language}`)} problem={asked && missing[language] ? t('own.missing') : null}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                lang={language}
                maxLength={200}
                value={words[language]}
                onChange={({ target }) => setWords({ ...words, [language]: target.value })}
              />
            )}
          </Field>
        ))}
        <Button type="submit" disabled={add.running}>
          {t('own.add')}
        </Button>
      </form>
      {add.error ? <ErrorState error={add.error} what={t('own.failed')} /> : null}
    </section>
  )
}
