import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Cite } from '../../../../shared/model/impact.ts'
import { SECTIONS, type RouteSentence } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { visibleText } from '../../../format/text.ts'
import { citeKey, citeLabel, citeOf } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'

const Written = z.object({
  section: z.enum(SECTIONS),
  step: z.string(),
  en: z.string(),
  ko: z.string(),
  asset: z.string(),
  cites: z.array(Cite),
  evidence: z.array(z.string()),
  /** The revision it was begun on. */
  base: z.number().nullable(),
})
type Written = z.infer<typeof Written>

/** One sentence in both languages with what it rests on. `sentence` null: a new one. */
export function SentenceEditor({
  sentence,
  section,
  place,
  onDone,
}: {
  readonly sentence: RouteSentence | null
  readonly section: RouteSentence['section']
  /** Order of a new one. */
  readonly place: number
  onDone(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { save, drafts, parts } = useEditor()
  const key = `sentence:${sentence?.id ?? 'new'}`
  const [restored] = useState(() => Written.safeParse(drafts.get(key)).data ?? null)
  const [begun] = useState<Written>(() => ({
    section: sentence?.section ?? section,
    step: sentence?.step ? String(sentence.step) : '',
    en: sentence?.text.en ?? '',
    ko: sentence?.text.ko ?? '',
    asset: sentence?.asset ?? '',
    cites: sentence?.cites ?? [],
    evidence: sentence?.evidence ?? [],
    base: sentence?.written.revision ?? null,
  }))
  const [form, setForm] = useState<Written>(restored ?? begun)
  const [adding, setAdding] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const first = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  useEffect(() => first.current?.focus(), [])
  const change = (to: Partial<Written>): void => {
    const next = { ...form, ...to }
    setForm(next)
    drafts.keep(key, next)
  }
  const addCite = (): boolean => {
    if (adding.trim() === '') return true
    const found = citeOf(adding)
    if (!found || (found.kind === 'evidence' && !parts.evidence.some(({ id }) => id === found.id))) {
      setWrong(t(found ? 'sentence.noEvidence' : 'sentence.noCite'))
      return false
    }
    setWrong(null)
    setAdding('')
    if (found.kind === 'evidence') change({ evidence: [...new Set([...form.evidence, found.id])] })
    else if (!form.cites.some((cite) => citeKey(cite) === citeKey(found.cite)))
      change({ cites: [...form.cites, found.cite].slice(0, 64) })
    return true
  }
  const leave = (): void => {
    drafts.keep(key, null)
    onDone()
  }
  const submit = async (): Promise<void> => {
    if (saving || !addCite()) return
    const en = form.en.trim() || form.ko.trim()
    const ko = form.ko.trim() || form.en.trim()
    if (en === '') return setWrong(t('sentence.noText'))
    const typed = citeOf(adding)
    const cites = typed?.kind === 'cite' ? [...form.cites, typed.cite] : form.cites
    const evidence = typed?.kind === 'evidence' ? [...new Set([...form.evidence, typed.id])] : form.evidence
    const step = /^\d{1,3}$/.test(form.step.trim()) && Number(form.step) > 0 ? Number(form.step) : null
    setSaving(true)
    const proved = cites.length > 0
    const result = await save({
      kind: 'sentence',
      id: sentence?.id ?? null,
      base: form.base,
      part: {
        section: form.section,
        step,
        place: sentence?.place ?? place,
        text: { en, ko },
        cites,
        evidence,
        asset: form.asset.trim() || null,
        state: proved ? (sentence?.state ?? 'proposed') : 'proposed',
      },
    })
    setSaving(false)
    if (result) leave()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      // What was written stays as a draft; only an unchanged editor closes.
      if (adding.trim() === '' && JSON.stringify(form) === JSON.stringify(begun)) leave()
      else if (event.target instanceof HTMLElement) event.target.blur()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopPropagation()
      void submit()
    }
  }
  return (
    <div className="in-sentenceform" role="group" aria-label={t(sentence ? 'sentence.edit' : 'sentence.new')} onKeyDown={pressed}>
      {restored ? <p className="in-quiet">{t('restored')}</p> : null}
      <div className="in-formrow">
        <Field label={t('sentence.section')}>
          {(control) => (
            <select
              {...control}
              className="wf-input wf-input-small wf-select"
              value={form.section}
              onChange={(event) => change({ section: event.target.value as Written['section'] })}
            >
              {SECTIONS.map((one) => (
                <option key={one} value={one}>
                  {t(`section.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('sentence.step')}>
          {(control) => (
            <input
              {...control}
              className="wf-input wf-input-small"
              inputMode="numeric"
              maxLength={3}
              value={form.step}
              onChange={(event) => change({ step: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('sentence.asset')}>
          {(control) => (
            <input
              {...control}
              className="wf-input wf-input-small mono"
              list={list}
              maxLength={256}
              value={form.asset}
              onChange={(event) => change({ asset: event.target.value })}
            />
          )}
        </Field>
        <datalist id={list}>
          {parts.entities.slice(0, 100).map(({ id, value }) => (
            <option key={id} value={value} />
          ))}
        </datalist>
      </div>
      <Field label={t('sentence.en')}>
        {(control) => (
          <textarea
            {...control}
            ref={first}
            lang="en"
            className="wf-input in-area"
            rows={2}
            maxLength={4000}
            value={form.en}
            onChange={(event) => change({ en: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('sentence.ko')} note={t('sentence.oneNote')}>
        {(control) => (
          <textarea
            {...control}
            lang="ko"
            className="wf-input in-area"
            rows={2}
            maxLength={4000}
            value={form.ko}
            onChange={(event) => change({ ko: event.target.value })}
          />
        )}
      </Field>
      <div className="in-chips">
        {form.cites.map((cite) => (
          <button
            key={citeKey(cite)}
            type="button"
            className="in-chip"
            aria-label={t('sentence.takeCite', { cite: citeLabel(cite) })}
            onClick={() => change({ cites: form.cites.filter((one) => one !== cite) })}
          >
            {visibleText(citeLabel(cite))} ×
          </button>
        ))}
        {form.evidence.map((id) => (
          <button
            key={id}
            type="button"
            className="in-chip"
            aria-label={t('sentence.takeCite', { cite: id })}
            onClick={() => change({ evidence: form.evidence.filter((one) => one !== id) })}
          >
            {id} ×
          </button>
        ))}
      </div>
      <Field label={t('sentence.cite')} problem={wrong} note={t('sentence.citeNote')}>
        {(control) => (
          <input
            {...control}
            className="wf-input wf-input-small mono"
            maxLength={4200}
            value={adding}
            onChange={(event) => {
              setAdding(event.target.value)
              setWrong(null)
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              addCite()
            }}
          />
        )}
      </Field>
      <div className="in-formend">
        <Button small kind="quiet" onClick={leave}>
          {t('common:cancel')}
        </Button>
        <Button small kind="primary" keys="Ctrl+Enter" disabled={saving} onClick={() => void submit()}>
          {t('sentence.save')}
        </Button>
      </div>
    </div>
  )
}
