/** An incident → what its report says, in the order in which such reports are read. */
import { ReportDocument, type Figure, type ReportLanguage, type Section } from '../../../shared/model/report.ts'
import type { IsoTime } from '../../../shared/model/time.ts'
import { Making, stricter } from './making.ts'
import type { Redacted } from './redaction/redact.ts'
import type { ReportSource } from './report-source.ts'
import { actionFigures, actionsSection } from './sections/actions.ts'
import { alertFigures, alertsSection, citesSection, ENTITIES, entitiesSection } from './sections/annexes.ts'
import { evidenceSection, MANIFEST, notesSection } from './sections/evidence.ts'
import { glossarySection } from './sections/glossary.ts'
import { routeSection } from './sections/route.ts'
import { summarySection } from './sections/summary.ts'
import { TIMELINE, timelineSection } from './sections/timeline.ts'
import { weaknessSection } from './sections/weakness.ts'

export interface ReportOptions {
  readonly language: ReportLanguage
  readonly at: IsoTime
  /** Who asked for it. */
  readonly by: string
}

/** Of a whole incident the internal version, of a redacted one the customer's. The same incident and options give the same document. */
export function buildReport(incident: ReportSource | Redacted, { language, at, by }: ReportOptions): ReportDocument {
  const redacted = 'withheld' in incident ? incident : null
  const source = 'withheld' in incident ? incident.source : incident
  const making = new Making(source, redacted, language)
  const present = (sections: readonly (Section | null)[]): Section[] => sections.filter((section) => section !== null)
  const told = present([
    summarySection(making, figuresOf(making)),
    timelineSection(making),
    routeSection(making),
    weaknessSection(making),
    actionsSection(making),
    evidenceSection(making),
    notesSection(making),
    alertsSection(making),
    entitiesSection(making),
  ])
  const sections = present([...told, citesSection(making)])
  return ReportDocument.parse({
    title: source.title,
    number: source.number,
    language,
    tlp: markingOf(source),
    pap: source.pap,
    audience: redacted === null ? 'internal' : 'customer',
    madeAt: at,
    madeBy: by,
    sections: [...sections, glossarySection(making, sections)],
  })
}

function figuresOf(making: Making): Figure[] {
  const { source, words } = making
  const one = (key: 'entries' | 'entities' | 'evidence', anchor: string): Figure[] => {
    const value = source[key].length
    return value === 0 ? [] : [{ label: words(`figure.${key}`), value, counts: [anchor] }]
  }
  return [
    ...alertFigures(making),
    ...one('entries', TIMELINE),
    ...one('entities', ENTITIES),
    ...one('evidence', MANIFEST),
    ...actionFigures(making),
  ]
}

const PARTS = ['entries', 'alerts', 'entities', 'edges', 'sentences', 'actions', 'evidence', 'notes'] as const

/** The strictest of the incident's and of all that is in it. */
const markingOf = (source: ReportSource): ReportSource['tlp'] =>
  PARTS.flatMap((part) => (source[part] as readonly { tlp: ReportSource['tlp'] | null }[]).map(({ tlp }) => tlp)).reduce<
    ReportSource['tlp']
  >((strictest, tlp) => (tlp === null ? strictest : stricter(strictest, tlp)), source.tlp)
