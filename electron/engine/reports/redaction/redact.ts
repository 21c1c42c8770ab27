/** The version of an incident that a customer gets: what is marked for others is left out, what is others' is masked. */
import type { Cite } from '../../../../shared/model/impact.ts'
import { TLPS, type Tlp } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { ReportSource } from '../report-source.ts'
import { Masker, type MaskOptions } from './mask.ts'

export interface RedactOptions {
  /** The strictest marking that the reader may see. */
  readonly tlp: Tlp
  /** Null where nothing is masked. */
  readonly mask: MaskOptions | null
}

export interface Redacted {
  readonly source: ReportSource
  readonly tlp: Tlp
  /** Parts that were left out for their marking. Those that are the desk's own are not told of, not even as a number. */
  readonly leftOut: {
    readonly entries: number
    readonly alerts: number
    readonly entities: number
    /** Edges and sentences. */
    readonly route: number
    readonly actions: number
    readonly evidence: number
    readonly notes: number
  }
  /** Addresses and host names that have a mask. */
  readonly masked: number
  /** Ids of what may not be told of where it is cited. */
  readonly withheld: { readonly alerts: ReadonlySet<string>; readonly evidence: ReadonlySet<string> }
}

/**
 * Fails with `conflict` where the incident itself is marked more strictly than the reader may see, and with `invalid_input` where the
 * customer's networks cannot be read. What has no marking has the incident's.
 */
export function redact(source: ReportSource, { tlp, mask }: RedactOptions): Result<Redacted> {
  const above = (marking: Tlp): boolean => TLPS.indexOf(marking) > TLPS.indexOf(tlp)
  if (above(source.tlp))
    return fail({
      code: 'conflict',
      message: `the incident is marked TLP:${source.tlp}: nothing of it may go into a report for TLP:${tlp}`,
    })
  const masker = mask === null ? null : Masker.of(mask)
  if (masker !== null && !masker.ok) return masker

  const told = <T extends { readonly tlp: Tlp | null }>(items: readonly T[]): T[] =>
    items.filter((item) => !above(item.tlp ?? source.tlp))
  const open = <T extends { readonly internal: boolean }>(items: readonly T[]): T[] => items.filter(({ internal }) => !internal)
  const ids = (before: readonly { id: string }[], after: readonly { id: string }[]): Set<string> => {
    const left = new Set(after.map(({ id }) => id))
    return new Set(before.map(({ id }) => id).filter((id) => !left.has(id)))
  }

  const alerts = told(source.alerts)
  const openEvidence = open(source.evidence)
  const evidence = told(openEvidence)
  const entities = told(source.entities)
  const withheld = { alerts: ids(source.alerts, alerts), evidence: ids(source.evidence, evidence) }
  // An entry of a withheld alert tells its title.
  const openEntries = open(source.entries)
  const entries = told(openEntries).filter(({ alert }) => alert === null || !withheld.alerts.has(alert))
  const hidden = ids(source.entities, entities)
  const edges = told(source.edges).filter(({ from, to }) => !hidden.has(from) && !hidden.has(to))
  const sentences = told(source.sentences)
  const openActions = open(source.actions)
  const actions = told(openActions)
  const openNotes = open(source.notes)
  const notes = told(openNotes)

  const bare = (cites: readonly Cite[]): Cite[] =>
    cites.map((cite) => (cite.kind === 'packet' ? { ...cite, capture: lastOf(cite.capture) } : cite))
  const left: ReportSource = {
    ...source,
    alerts,
    evidence,
    entities,
    entries: entries.map((entry) => ({ ...entry, cites: bare(entry.cites) })),
    edges: edges.map((edge) => ({ ...edge, cites: bare(edge.cites) })),
    sentences: sentences.map((sentence) => ({ ...sentence, cites: bare(sentence.cites) })),
    actions,
    notes,
  }
  const masked = masker === null ? left : maskAll(left, masker.value)
  return ok({
    source: masked,
    tlp,
    leftOut: {
      entries: openEntries.length - entries.length,
      alerts: source.alerts.length - alerts.length,
      entities: source.entities.length - entities.length,
      route: source.edges.length - edges.length + source.sentences.length - sentences.length,
      actions: openActions.length - actions.length,
      evidence: openEvidence.length - evidence.length,
      notes: openNotes.length - notes.length,
    },
    masked: masker?.value.masked ?? 0,
    withheld,
  })
}

const lastOf = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** Texts of a closed form: they name nobody. */
const CLOSED = new Set(
  'id from to sha256 event alert kind number state section role severity verdict result status tlp pap phase impact'.split(' '),
)
const FORMS = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z|EV-\d+)$/

function maskAll(source: ReportSource, masker: Masker): ReportSource {
  changed(source, (text) => {
    masker.learn(text)
    return text
  })
  return changed(source, (text) => masker.mask(text))
}

/** The same value with other texts. */
function changed<T>(value: T, change: (text: string) => string): T {
  const walk = (item: unknown): unknown => {
    if (typeof item === 'string') return FORMS.test(item) ? item : change(item)
    if (Array.isArray(item)) return item.map(walk)
    if (typeof item !== 'object' || item === null) return item
    return Object.fromEntries(
      Object.entries(item).map(([key, field]) => [key, typeof field === 'string' && CLOSED.has(key) ? field : walk(field)]),
    )
  }
  return walk(value) as T
}
