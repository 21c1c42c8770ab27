import type { Block, Section } from '../../../../shared/model/report.ts'
import { aside, text, type Making } from '../making.ts'
import { dateTime } from '../words.ts'

export const MANIFEST = 'evidence_manifest'

export function evidenceSection(making: Making): Section {
  const { source, words } = making
  const items = source.evidence.map((item) => ({
    anchor: making.evidenceAnchor(item.id),
    id: item.id,
    kind: words(`item.${item.kind}`),
    name: item.name,
    bytes: item.bytes,
    sha256: item.sha256,
    added: item.added,
    by: item.addedBy,
    origin: item.origin,
    state: item.state === 'sealed' ? '' : words(`evidence.${item.state}`),
  }))
  return {
    anchor: 'evidence',
    title: words('section.evidence'),
    blocks:
      items.length === 0
        ? [aside(words('evidence.none'))]
        : [aside(words('evidence.about')), { kind: 'evidence', anchor: MANIFEST, items }],
  }
}

/** Notes of people, as they wrote them. */
export function notesSection({ source, words }: Making): Section | null {
  if (source.notes.length === 0) return null
  const blocks = source.notes.flatMap((note): Block[] => [
    {
      kind: 'heading',
      level: 3,
      anchor: null,
      text: [note.createdBy, dateTime(note.created), ...(note.internal ? [words('notes.internal')] : [])].join(' · '),
    },
    { kind: 'paragraph', tone: 'plain', step: null, runs: [text(note.text)] },
  ])
  return { anchor: 'notes', title: words('section.notes'), blocks }
}
