import type { ReportEntry, Run, Section } from '../../../../shared/model/report.ts'
import { microsFromIso } from '../../../../shared/model/time.ts'
import { aside, strong, text, type Making } from '../making.ts'
import type { SourceEntry } from '../report-source.ts'

export const TIMELINE = 'timeline_entries'

/** Entries in order of time; those of one time in the order in which they came. */
export function timelineSection(making: Making): Section {
  const { source, words } = making
  const entries = source.entries
    .map((entry, index) => ({ entry, index, at: microsFromIso(entry.time) ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry, index }) => entryOf(entry, index, making))
  return {
    anchor: 'timeline',
    title: words('section.timeline'),
    blocks:
      entries.length === 0
        ? [aside(words('timeline.none'))]
        : [aside(words('timeline.utc')), { kind: 'timeline', anchor: TIMELINE, entries }],
  }
}

function entryOf(entry: SourceEntry, index: number, making: Making): ReportEntry {
  const { words } = making
  const [title, body] = [making.said(entry.title).trim(), making.said(entry.text).trim()]
  const runs: Run[] = []
  if (title !== '') runs.push(strong(title))
  if (body !== '') runs.push(text(title === '' ? body : `\n${body}`))
  // What the entry is of is named, whether or not somebody cited it: an alert's row, or the event that this very entry is.
  const cites = entry.cites.filter((cite) => cite.kind !== 'event' || cite.event !== entry.event)
  if (entry.event !== null) runs.push(text(' '), { kind: 'cite', text: `E ${entry.event}`, target: null })
  if (entry.alert !== null && !cites.some((cite) => cite.kind === 'alert' && cite.alert === entry.alert))
    runs.push(...making.chips([{ kind: 'alert', alert: entry.alert }]))
  runs.push(...making.chips(cites, entry.evidence))
  return {
    anchor: making.entryAnchor(index),
    time: entry.time,
    until: entry.until,
    kind: words(`entry.${entry.kind}`),
    severity: entry.severity === null ? null : { level: entry.severity, label: words(`severity.${entry.severity}`) },
    group: making.said(entry.group),
    runs,
  }
}
