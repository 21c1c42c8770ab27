import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { visibleText } from '../../format/text.ts'
import { MOST_RULES, RULE_KINDS, TONES, type ColourRule } from './list/colours.ts'
import { useColourRules } from './settings.ts'

const NEW: ColourRule = { name: '', kind: 'protocol', value: '', tone: 'accent', on: true }

/** Rules of the reader for the colour of rows. The first that fits counts. */
export function ColourDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('packets')
  const form = useId()
  const [rules, change] = useColourRules()
  const [draft, setDraft] = useState(NEW)
  const put = (index: number, rule: ColourRule): void => change(rules.with(index, rule))
  const add = (event: FormEvent): void => {
    event.preventDefault()
    const value = draft.value.trim()
    if (value === '' || rules.length >= MOST_RULES) return
    change([...rules, { ...draft, value, name: draft.name.trim() }])
    setDraft(NEW)
  }
  const swap = (index: number): void => {
    const [a, b] = [rules[index - 1], rules[index]]
    if (a && b) change(rules.with(index - 1, b).with(index, a))
  }
  return (
    <Dialog title={t('colours.title')} wide onClose={onClose}>
      <p className="dim">{t('colours.note')}</p>
      {rules.length === 0 ? <p>{t('colours.none')}</p> : null}
      <ol className="pk-rules" aria-label={t('colours.title')}>
        {rules.map((rule, index) => (
          <li key={index}>
            <label className="wf-check">
              <input type="checkbox" checked={rule.on} onChange={(event) => put(index, { ...rule, on: event.target.checked })} />
              <span className={`pk-tone-${rule.tone}`}>{visibleText(rule.name === '' ? rule.value : rule.name)}</span>
            </label>
            <em className="ellipsis">
              {t(`colours.kind.${rule.kind}`)} <code>{visibleText(rule.value)}</code> · {t(`colours.tone.${rule.tone}`)}
            </em>
            <Button
              small
              kind="quiet"
              iconOnly
              icon="up"
              aria-label={t('colours.up', { name: visibleText(rule.value) })}
              disabled={index === 0}
              onClick={() => swap(index)}
            />
            <Button
              small
              kind="quiet"
              iconOnly
              icon="close"
              aria-label={t('colours.remove', { name: visibleText(rule.value) })}
              onClick={() => change(rules.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      <form id={form} className="pk-rule-form" onSubmit={add}>
        <Field label={t('colours.what')}>
          {(control) => (
            <select
              {...control}
              className="wf-input wf-select"
              value={draft.kind}
              onChange={(event) =>
                setDraft({ ...draft, kind: RULE_KINDS.find((kind) => kind === event.target.value) ?? 'protocol' })
              }
            >
              {RULE_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`colours.kind.${kind}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('colours.value')}>
          {(control) => (
            <input
              {...control}
              className="wf-input mono"
              maxLength={200}
              value={draft.value}
              spellCheck={false}
              onChange={(event) => setDraft({ ...draft, value: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('colours.name')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              maxLength={80}
              value={draft.name}
              onChange={(event) => setDraft({ ...draft, name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('colours.colour')}>
          {(control) => (
            <select
              {...control}
              className="wf-input wf-select"
              value={draft.tone}
              onChange={(event) => setDraft({ ...draft, tone: TONES.find((tone) => tone === event.target.value) ?? 'accent' })}
            >
              {TONES.map((tone) => (
                <option key={tone} value={tone}>
                  {t(`colours.tone.${tone}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" disabled={draft.value.trim() === '' || rules.length >= MOST_RULES}>
          {t('colours.add')}
        </Button>
      </form>
    </Dialog>
  )
}
