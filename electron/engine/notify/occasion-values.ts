/** What templates are filled with: the values of an occasion, in words of a language. */
import type { About, IncidentBrief, NotifyKind, NotifyLanguage, Occasion } from '../../../shared/model/notification.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { Severity } from '../../../shared/model/severity.ts'
import type { Values } from './template.ts'
import type { NotifyWords, Rendered, Templates } from './templates.ts'

/** Lines of a digest; what is more is counted. */
const MOST_LINES = 100

/** ISO time → `2026-11-28 19:04:12 UTC`, as on screen. */
export const shownTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

const wordOf = (words: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(words, key) ? (words[key] ?? key) : key

export const severityOfOccasion = (occasion: Occasion): Severity =>
  occasion.kind === 'alert' ? occasion.alert.severity : occasion.incident.severity
export const customerOfOccasion = (occasion: Occasion): string | null =>
  occasion.kind === 'alert' ? occasion.alert.customer : occasion.incident.customer
export const aboutOccasion = (occasion: Occasion): About =>
  occasion.kind === 'alert' ? { incident: null, alert: occasion.alert.id } : { incident: occasion.incident.number, alert: null }

function incidentValues(incident: IncidentBrief, words: NotifyWords): Values {
  return {
    number: incident.number,
    title: incident.title,
    severity: wordOf(words.severity, incident.severity),
    tlp: `TLP:${incident.tlp}`,
    status: wordOf(words.status, incident.status),
    owner: incident.owner ?? '',
    customer: incident.customer ?? '',
    detected: incident.detected === null ? '' : shownTime(incident.detected),
    summary: incident.summary.map((line) => ({ line })),
  }
}

export function occasionValues(occasion: Occasion, words: NotifyWords, desk: string): Values {
  const always = { desk, time: shownTime(occasion.at) }
  switch (occasion.kind) {
    case 'incident_opened':
      return { ...always, ...incidentValues(occasion.incident, words), by: occasion.by }
    case 'incident_closed':
      return {
        ...always,
        ...incidentValues(occasion.incident, words),
        by: occasion.by,
        outcome: wordOf(words.impact, occasion.outcome),
      }
    case 'incident_progress':
      return {
        ...always,
        ...incidentValues(occasion.incident, words),
        by: occasion.by,
        changed: [...new Set(occasion.changes.map(({ field }) => wordOf(words.field, field)))].join(', '),
        changes: occasion.changes.map(({ field, from, to }) => {
          const shown = (value: string | null): string =>
            value === null
              ? ''
              : field === 'severity'
                ? wordOf(words.severity, value)
                : field === 'status'
                  ? wordOf(words.status, value)
                  : field === 'impact'
                    ? wordOf(words.impact, value)
                    : value
          return { field: wordOf(words.field, field), from: shown(from), to: shown(to) }
        }),
      }
    case 'alert': {
      const { alert } = occasion
      return {
        ...always,
        id: alert.id,
        title: alert.title,
        severity: wordOf(words.severity, alert.severity),
        detection: alert.detection,
        asset: alert.asset,
        source: alert.source,
        destination: alert.destination,
        user: alert.user ?? '',
        attack: alert.attack.join(', '),
        count: String(alert.count),
        impact: alert.impact === null ? '' : wordOf(words.impact, alert.impact),
        customer: alert.customer ?? '',
      }
    }
  }
}

/** One occasion as its own message. */
export const renderOccasion = (
  templates: Templates,
  language: NotifyLanguage,
  occasion: Occasion,
  desk: string,
): Result<Rendered> => templates.render(occasion.kind, language, occasionValues(occasion, templates.words(language), desk))

/** Several together, in order; `more` are counted only. Nothing is rendered of no occasion. */
export function renderDigest(
  templates: Templates,
  language: NotifyLanguage,
  occasions: readonly Occasion[],
  more: number,
  desk: string,
): Result<Rendered> {
  const shown = occasions.slice(0, MOST_LINES)
  const lines: Values[] = []
  for (const occasion of shown) {
    const one = renderOccasion(templates, language, occasion, desk)
    if (!one.ok) return one
    lines.push({ at: shownTime(occasion.at), line: one.value.short })
  }
  const left = occasions.length - shown.length + more
  const number = new Intl.NumberFormat(language)
  return templates.render('digest', language, {
    desk,
    count: number.format(occasions.length + more),
    begin: shownTime(occasions[0]?.at ?? ''),
    end: shownTime(occasions.at(-1)?.at ?? ''),
    lines,
    more: left > 0 ? number.format(left) : '',
  })
}

/** The kind of message that tells of these. */
export const kindOf = (occasions: readonly Occasion[], more: number): NotifyKind =>
  occasions.length === 1 && more === 0 ? occasions[0]!.kind : 'digest'
