import { useEffect, useId, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import type { Note } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatTime } from '../../../format/time.ts'
import { useNotice } from '../../../state/notice.ts'
import { useEditor } from '../editor/editor-context.ts'
import { fittingNames, mentioningAt } from './mention.ts'

const Written = z.object({ text: z.string(), internal: z.boolean(), base: z.number().nullable() })
type Written = z.infer<typeof Written>

/** Where a note is written: anew (`note` null), or again. What is typed is kept until it is saved or thrown away. */
export function NoteEditor({
  note,
  wanted,
  onDone,
}: {
  readonly note: Note | null
  readonly wanted: boolean
  onDone(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { save, drafts, people, me, keepPicture } = useEditor()
  const say = useNotice((state) => state.say)
  const key = `note:${note?.id ?? 'new'}`
  const begun: Written = { text: note?.text ?? '', internal: note?.internal ?? true, base: note?.written.revision ?? null }
  const [restored] = useState(() => Written.safeParse(drafts.get(key)).data ?? null)
  const [form, setForm] = useState<Written>(restored ?? begun)
  const [cursor, setCursor] = useState(0)
  const [at, setAt] = useState(0)
  const [shut, setShut] = useState(-1)
  const [saving, setSaving] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  /** The form as it is now: a picture comes long after the render in which it was pasted. */
  const newest = useRef(form)
  /** Grows when the editor is left; what was begun before is of no account any more. */
  const turn = useRef(0)
  const list = useId()
  useEffect(() => {
    if (!wanted) return
    field.current?.focus()
    field.current?.scrollIntoView({ block: 'nearest' })
  }, [wanted])
  useEffect(
    () => () => {
      turn.current += 1
    },
    [],
  )
  const change = (to: Partial<Written>): void => {
    const next = { ...newest.current, ...to }
    newest.current = next
    setForm(next)
    drafts.keep(key, next.text.trim() === '' && note === null ? null : next)
  }
  const mentioning = mentioningAt(form.text, cursor)
  const names =
    mentioning && mentioning.from !== shut
      ? fittingNames(
          people.filter((name) => name !== me),
          mentioning.typed,
        )
      : []
  const chosen = Math.min(at, names.length - 1)
  const insert = (from: number, to: number, text: string): void => {
    const before = newest.current.text
    const caret = field.current?.selectionStart ?? before.length
    // Who writes on further down stays there.
    const place = caret > to ? caret - (to - from) + text.length : caret < from ? caret : from + text.length
    // In the field before this returns: a key that comes next must find text and cursor as they will be.
    flushSync(() => {
      change({ text: before.slice(0, from) + text + before.slice(to) })
      setCursor(place)
    })
    field.current?.setSelectionRange(place, place)
  }
  const mention = (name: string | undefined): void => {
    if (name === undefined || !mentioning || saving) return
    insert(mentioning.from, mentioning.from + 1 + mentioning.typed.length, `@${name} `)
    field.current?.focus()
  }
  const leave = (): void => {
    turn.current += 1
    newest.current = begun
    drafts.keep(key, null)
    setForm(begun)
    setCursor(0)
    onDone()
  }
  const submit = async (): Promise<void> => {
    const text = form.text.trim()
    if (text === '' || saving) return
    setSaving(true)
    const result = await save({ kind: 'note', id: note?.id ?? null, base: form.base, part: { text, internal: form.internal } })
    setSaving(false)
    if (result) leave()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const done = (): void => {
      event.preventDefault()
      event.stopPropagation()
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      done()
      void submit()
    } else if (names.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      done()
      setAt((chosen + (event.key === 'ArrowDown' ? 1 : -1) + names.length) % names.length)
    } else if (names.length > 0 && (event.key === 'Enter' || event.key === 'Tab')) {
      done()
      mention(names[chosen])
    } else if (event.key === 'Escape') {
      done()
      if (names.length > 0) setShut(mentioning?.from ?? -1)
      // What was written stays as a draft; only an unchanged editor closes.
      else if (form.text.trim() === '' || form.text === begun.text) leave()
      else field.current?.blur()
    }
  }
  const pasted = (event: ClipboardEvent): void => {
    const picture = [...event.clipboardData.files].find(({ type }) => type.startsWith('image/'))
    if (!picture) return
    event.preventDefault()
    if (!keepPicture) return say(t('note.noPicture'), 'fault')
    const { text } = newest.current
    const [from, to] = [field.current?.selectionStart ?? text.length, field.current?.selectionEnd ?? text.length]
    const began = turn.current
    void keepPicture(picture).then((id) => {
      if (id === null || turn.current !== began) return
      const now = newest.current.text
      const at = Math.min(from, now.length)
      insert(at, now === text ? to : at, `${id} `)
    })
  }
  return (
    <div className="in-noteform" onKeyDown={pressed}>
      {restored && form.text === restored.text ? (
        <p className="in-quiet">{drafts.at ? t('restoredAt', { time: formatTime(drafts.at) }) : t('restored')}</p>
      ) : null}
      <textarea
        ref={field}
        className="wf-input in-area"
        aria-label={t('note.write')}
        aria-autocomplete="list"
        aria-controls={names.length > 0 ? list : undefined}
        aria-activedescendant={names.length > 0 ? `${list}-${chosen}` : undefined}
        placeholder={t('note.placeholder')}
        maxLength={100_000}
        rows={Math.max(1, Math.min(12, form.text.split('\n').length + (form.text === '' ? 0 : 1)))}
        value={form.text}
        readOnly={saving}
        onChange={(event) => {
          setCursor(event.target.selectionStart)
          setAt(0)
          change({ text: event.target.value })
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
        onPaste={pasted}
      />
      {names.length > 0 ? (
        <ul id={list} className="in-names" role="listbox" aria-label={t('note.people')}>
          {names.map((name, index) => (
            <li
              key={name}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => mention(name)}
            >
              {visibleText(name)}
            </li>
          ))}
        </ul>
      ) : null}
      {form.text !== '' || note ? (
        <div className="in-formend">
          <label className="wf-check">
            <input type="checkbox" checked={form.internal} onChange={(event) => change({ internal: event.target.checked })} />
            {t('note.internal')}
          </label>
          <div className="grow" />
          <Button small kind="quiet" onClick={leave}>
            {t('note.throw')}
          </Button>
          <Button
            small
            kind="primary"
            keys="Ctrl+Enter"
            disabled={saving || form.text.trim() === ''}
            onClick={() => void submit()}
          >
            {t('note.save')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
