import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Note } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Kbd } from '../../../components/Kbd.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useEditor } from '../editor/editor-context.ts'
import { MarkdownText } from './MarkdownText.tsx'
import { NoteEditor } from './NoteEditor.tsx'

/** Notes in order, and where the next is written. `wanted` grows when somebody wants to write. */
export const NotesPane = memo(function NotesPane({
  wanted,
  wide = false,
}: {
  readonly wanted: number
  readonly wide?: boolean
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { parts, drafts } = useEditor()
  const [editing, setEditing] = useState<string | null>(null)
  const notes = useMemo(() => [...parts.notes].sort((a, b) => (a.created < b.created ? -1 : 1)), [parts.notes])
  return (
    <Pane label={t('pane.notes')} className={wide ? 'in-pane in-notes in-notes-wide' : 'in-pane in-notes'}>
      <PaneHead title={t('pane.notes')}>
        <Kbd keys="m" /> {t('note.hint')}
      </PaneHead>
      <div className="in-notelist">
        {notes.length === 0 ? <p className="in-none">{t('note.empty')}</p> : null}
        {notes.map((note) =>
          editing === note.id ? (
            <NoteEditor key={note.id} note={note} wanted onDone={() => setEditing(null)} />
          ) : (
            <NoteView key={note.id} note={note} onEdit={() => setEditing(note.id)} />
          ),
        )}
      </div>
      {drafts.ready ? <NoteEditor key="new" note={null} wanted={false} onDone={() => undefined} /> : null}
      <FocusWriter wanted={wanted} />
    </Pane>
  )
})

/** Puts the focus where the next note is written. */
function FocusWriter({ wanted }: { readonly wanted: number }): ReactNode {
  const mark = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (wanted === 0) return
    const pane = mark.current?.closest('.in-notes')
    const fields = pane?.querySelectorAll<HTMLTextAreaElement>('.in-noteform textarea') ?? []
    fields[fields.length - 1]?.focus()
  }, [wanted])
  return <span ref={mark} hidden />
}

function NoteView({ note, onEdit }: { readonly note: Note; onEdit(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const now = useEngineNow()
  const { remove, people } = useEditor()
  const names = useMemo(() => [...new Set([...note.mentions, ...people])], [note.mentions, people])
  const changed = note.written.at !== note.created
  return (
    <article
      className="in-note"
      tabIndex={0}
      data-row="note"
      data-id={note.id}
      aria-label={t('note.by', { by: visibleText(note.createdBy) })}
      onDoubleClick={onEdit}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return
        event.preventDefault()
        onEdit()
      }}
    >
      <header>
        <b>{visibleText(note.createdBy)}</b>
        <time className="mono" dateTime={note.created} title={formatExact(note.created)}>
          {formatMoment(note.created, now).replace(/:\d\d$/, '')}
        </time>
        {changed ? (
          <span title={`${visibleText(note.written.by)} ${formatExact(note.written.at)}`}>{t('note.changed')}</span>
        ) : null}
        {note.internal ? <span className="in-internal">{t('note.internalMark')}</span> : null}
        <span className="in-noteactions">
          <Button small kind="quiet" onClick={onEdit}>
            {t('edit')}
          </Button>
          <Button small kind="quiet" onClick={() => void remove('note', note.id)}>
            {t('remove')}
          </Button>
        </span>
      </header>
      <MarkdownText text={note.text} names={names} />
    </article>
  )
}
