/** A report while it is made: its language, and what its statements cite. */
import { inLanguage } from '../../../shared/model/both-languages.ts'
import { basename } from 'node:path'
import type { Cite } from '../../../shared/model/impact.ts'
import { TLPS, type Tlp } from '../../../shared/model/incident.ts'
import type { Anchor, ReportLanguage, Run, Runs, Section } from '../../../shared/model/report.ts'
import type { Redacted } from './redaction/redact.ts'
import type { ReportSource, Said } from './report-source.ts'
import { visibleText } from './visible-text.ts'
import { wordsOf, type Words } from './words.ts'

export const text = (value: string): Run => ({ kind: 'text', text: value })
export const strong = (value: string): Run => ({ kind: 'strong', text: value })
export const code = (value: string): Run => ({ kind: 'code', text: value })

/** A record that was cited and that no other part of the report lists. */
export interface CitedRecord {
  readonly anchor: Anchor
  readonly chip: string
  readonly where: string
}

export class Making {
  readonly source: ReportSource
  readonly redacted: Redacted | null
  readonly language: ReportLanguage
  readonly words: Words
  readonly #cited = new Map<string, CitedRecord>()
  readonly #alerts: ReadonlyMap<string, Anchor>
  readonly #evidence: ReadonlyMap<string, Anchor>
  /** Event → entry of the timeline that is of it. */
  readonly #entries = new Map<string, Anchor>()

  constructor(source: ReportSource, redacted: Redacted | null, language: ReportLanguage) {
    this.source = source
    this.redacted = redacted
    this.language = language
    this.words = wordsOf(language)
    this.#alerts = new Map(source.alerts.map(({ id }, index) => [id, `alert_${index + 1}`]))
    this.#evidence = new Map(source.evidence.map(({ id }, index) => [id, `evidence_${index + 1}`]))
    const cited = new Set(
      [...source.entries, ...source.edges, ...source.sentences].flatMap(({ cites }) =>
        cites.flatMap((cite) => (cite.kind === 'event' ? [cite.event] : [])),
      ),
    )
    for (const [index, { event }] of source.entries.entries())
      if (event !== null && cited.has(event) && !this.#entries.has(event)) this.#entries.set(event, `entry_${index + 1}`)
  }

  /** In the order in which they were cited first. */
  get cited(): readonly CitedRecord[] {
    return [...this.#cited.values()]
  }

  said(said: Said): string {
    return typeof said === 'string' ? inLanguage(said, this.language) : said[this.language]
  }

  /** Anchor of an alert's row, of an evidence item's. */
  alertAnchor(id: string): Anchor | null {
    return this.#alerts.get(id) ?? null
  }
  evidenceAnchor(id: string): Anchor | null {
    return this.#evidence.get(id) ?? null
  }
  /** Anchor of the entry with this place in the source, where its event is cited elsewhere. */
  entryAnchor(index: number): Anchor | null {
    const event = this.source.entries[index]?.event ?? null
    const anchor = event === null ? null : (this.#entries.get(event) ?? null)
    return anchor === `entry_${index + 1}` ? anchor : null
  }

  /** Chips, each after a blank. */
  chips(cites: readonly Cite[], evidence: readonly string[] = []): Run[] {
    const chips = [...cites.map((cite) => this.#chip(cite)), ...evidence.map((id) => this.#evidenceChip(id))]
    return chips.flatMap((chip) => [text(' '), chip])
  }

  #chip(cite: Cite): Run {
    const { words } = this
    if (cite.kind === 'alert') {
      const chip = `A-${cite.alert}`
      if (this.redacted?.withheld.alerts.has(cite.alert) === true) return this.#withheld
      const target = this.alertAnchor(cite.alert)
      return target === null ? this.#record(chip, words('cites.alert', { id: cite.alert })) : { kind: 'cite', text: chip, target }
    }
    if (cite.kind === 'event') {
      const target = this.#entries.get(cite.event)
      return target === undefined
        ? this.#record(`E ${cite.event}`, words('cites.event', { id: cite.event }))
        : { kind: 'cite', text: `E ${cite.event}`, target }
    }
    if (cite.kind === 'asset')
      return this.#record(`${cite.asset} ${cite.row}`, words('cites.asset', { asset: cite.asset, row: cite.row }))
    // A capture's folder is the desk's business.
    const capture = basename(cite.capture.replaceAll('\\', '/'))
    const [packet, from] = [cite.packet, cite.offset]
    return this.#record(
      words('cite.packet', { packet, offset: from.toString(16) }),
      cite.length === 0
        ? words('cites.point', { capture, packet, from })
        : words('cites.packet', { capture, packet, from, to: from + cite.length - 1 }),
    )
  }

  #evidenceChip(id: string): Run {
    if (this.redacted?.withheld.evidence.has(id) === true) return this.#withheld
    const target = this.evidenceAnchor(id)
    return target === null ? this.#record(id, this.words('cites.evidence', { id })) : { kind: 'cite', text: id, target }
  }

  get #withheld(): Run {
    return { kind: 'cite', text: this.words('redaction.withheld'), target: null }
  }

  #record(chip: string, where: string): Run {
    const key = `${chip}\0${where}`
    let record = this.#cited.get(key)
    if (record === undefined) {
      record = { anchor: `cite_${this.#cited.size + 1}`, chip, where }
      this.#cited.set(key, record)
    }
    return { kind: 'cite', text: chip, target: record.anchor }
  }
}

/** Paragraphs of a text: what empty lines part. */
export const paragraphs = (whole: string): string[] =>
  visibleText(whole)
    .split(/\n[ \n]*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A paragraph that says that there is nothing. */
export const aside = (value: string): Section['blocks'][number] => ({
  kind: 'paragraph',
  tone: 'aside',
  step: null,
  runs: [text(value)],
})

export const joined = (parts: readonly Runs[], between: string): Run[] =>
  parts.flatMap((part, index) => (index === 0 ? [...part] : [text(between), ...part]))

/** The stricter marking. */
export const stricter = (one: Tlp, other: Tlp): Tlp => (TLPS.indexOf(one) >= TLPS.indexOf(other) ? one : other)
