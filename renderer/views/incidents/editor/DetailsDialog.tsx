import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { visibleText } from '../../../format/text.ts'
import { useEditor, type Edit } from './editor-context.ts'

const words = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
]
const TEXTS = ['summary', 'owner', 'customer', 'watchers', 'tags', 'attack'] as const

/** What of the head stands in no place of its own: summary, owner, watchers, customer, tags, techniques. */
export function DetailsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const { incident, edit, me, people } = useEditor()
  const [from] = useState(incident)
  const [form, setForm] = useState({
    summary: from.summary,
    owner: from.owner ?? '',
    customer: from.customer ?? '',
    watchers: from.watchers.join(', '),
    tags: from.tags.join(', '),
    attack: from.attack.join(', '),
  })
  const [saving, setSaving] = useState(false)
  const id = useId()
  const names = useId()
  const change = (to: Partial<typeof form>): void => setForm({ ...form, ...to })
  const attack = words(form.attack)
  const badAttack = attack.find((one) => !/^T(?:A)?\d{4}(?:\.\d{3})?$/.test(one))
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (saving || badAttack !== undefined) return
    const now = {
      summary: form.summary,
      owner: form.owner.trim() || null,
      customer: form.customer.trim() || null,
      watchers: words(form.watchers).slice(0, 100),
      tags: words(form.tags)
        .map((one) => one.slice(0, 64))
        .slice(0, 100),
      attack: attack.slice(0, 200),
    }
    // Only what was changed is sent, with what it was before.
    const changed = TEXTS.filter((field) => JSON.stringify(now[field]) !== JSON.stringify(from[field]))
    const pick = (of: typeof now | typeof from): Edit => Object.fromEntries(changed.map((field) => [field, of[field]])) as Edit
    if (changed.length > 0) {
      setSaving(true)
      const done = await edit(pick(now), pick(from))
      setSaving(false)
      // What was typed is still there for another try.
      if (done === 'failed') return
    }
    onClose()
  }
  return (
    <Dialog
      title={t('details.title')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={id} disabled={saving}>
            {t('details.save')}
          </Button>
        </>
      }
    >
      <form id={id} className="in-form" onSubmit={(event) => void submit(event)}>
        <Field label={t('field.summary')}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input in-area"
              data-autofocus=""
              rows={6}
              maxLength={100_000}
              value={form.summary}
              onChange={(event) => change({ summary: event.target.value })}
            />
          )}
        </Field>
        <div className="in-formrow">
          <Field label={t('field.owner')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                list={names}
                maxLength={256}
                value={form.owner}
                onChange={(event) => change({ owner: event.target.value })}
              />
            )}
          </Field>
          {me !== '' && form.owner !== me ? (
            <Button className="in-take" onClick={() => change({ owner: me })}>
              {t('details.take')}
            </Button>
          ) : null}
          <Field label={t('field.customer')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                maxLength={64}
                value={form.customer}
                onChange={(event) => change({ customer: event.target.value })}
              />
            )}
          </Field>
          <datalist id={names}>
            {people.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </div>
        <Field label={t('field.watchers')} note={t('details.commas')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              maxLength={10_000}
              value={form.watchers}
              onChange={(event) => change({ watchers: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('field.tags')} note={t('details.commas')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              maxLength={10_000}
              value={form.tags}
              onChange={(event) => change({ tags: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t('field.attack')}
          note={t('details.attackNote')}
          problem={badAttack === undefined ? null : t('details.noAttack', { id: visibleText(badAttack) })}
        >
          {(control) => (
            <input
              {...control}
              className="wf-input mono"
              maxLength={10_000}
              value={form.attack}
              onChange={(event) => change({ attack: event.target.value })}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
