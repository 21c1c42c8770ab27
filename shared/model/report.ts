/**
 * A report of an incident as a document: what is said, in which order, and what leads where. How it looks is the business of the three
 * writers. All texts are plain; nothing in them is markup, whatever it looks like.
 */
import { z } from 'zod'
import { Pap, Tlp } from './incident.ts'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

export const REPORT_LANGUAGES = ['en', 'ko'] as const
export const ReportLanguage = z.enum(REPORT_LANGUAGES)
export type ReportLanguage = z.infer<typeof ReportLanguage>

export const REPORT_FORMATS = ['pdf', 'html', 'docx'] as const
export const ReportFormat = z.enum(REPORT_FORMATS)
export type ReportFormat = z.infer<typeof ReportFormat>

export const MOST_REPORT_ROWS = 100_000
/** Larger than what comes in: masks are longer than what they hide. */
const Text = z.string().max(1_000_000)
const Label = z.string().max(20_000)

/** A place that can be led to. Also a name of Word's bookmarks, which is why there are no hyphens. */
export const Anchor = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
export type Anchor = z.infer<typeof Anchor>

export const Run = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: Text }),
  z.object({ kind: z.literal('strong'), text: Text }),
  /** Addresses, hashes, names of files: in a fixed pitch. */
  z.object({ kind: z.literal('code'), text: Text }),
  /** What a statement rests on. `target` is where it stands in this document. */
  z.object({ kind: z.literal('cite'), text: Label, target: Anchor.nullable() }),
])
export type Run = z.infer<typeof Run>
export const Runs = z.array(Run).max(1000)
export type Runs = readonly Run[]

export const Column = z.object({
  head: Label,
  align: z.enum(['left', 'right']),
  /** Of the width, against those of the other columns. */
  share: z.number().positive(),
})
export type Column = z.infer<typeof Column>
export const Row = z.object({ anchor: Anchor.nullable(), cells: z.array(Runs).max(16) })
export type Row = z.infer<typeof Row>

/** A figure, and the blocks whose rows it counts: their sum is the figure. */
export const Figure = z.object({ label: Label, value: z.number().int().min(0), counts: z.array(Anchor).max(16) })
export type Figure = z.infer<typeof Figure>

export const ReportEntry = z.object({
  anchor: Anchor.nullable(),
  time: IsoTime,
  until: IsoTime.nullable(),
  /** In the language of the document. */
  kind: Label,
  severity: z.object({ level: Severity, label: Label }).nullable(),
  group: Label,
  runs: Runs,
})
export type ReportEntry = z.infer<typeof ReportEntry>

export const RouteState = z.enum(['worked', 'tried', 'seen'])
export type RouteState = z.infer<typeof RouteState>
export const RouteNode = z.object({
  id: z.string().max(64),
  name: Label,
  zone: Label,
  kind: z.enum(['host', 'address', 'user', 'file', 'domain', 'process', 'service']),
})
export type RouteNode = z.infer<typeof RouteNode>
export const RouteEdge = z.object({
  from: z.string().max(64),
  to: z.string().max(64),
  state: RouteState,
  step: z.number().int().min(1).nullable(),
})
export type RouteEdge = z.infer<typeof RouteEdge>

export const ManifestItem = z.object({
  anchor: Anchor.nullable(),
  id: Label,
  kind: Label,
  name: Label,
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  added: IsoTime,
  by: Label,
  origin: Label,
  /** Empty where it is sealed, as it should be. */
  state: Label,
})
export type ManifestItem = z.infer<typeof ManifestItem>

export const Block = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), level: z.union([z.literal(2), z.literal(3)]), anchor: Anchor.nullable(), text: Label }),
  z.object({
    kind: z.literal('paragraph'),
    /** `aside` what is said about the report itself, or of less weight. */
    tone: z.enum(['plain', 'aside']),
    /** Number of the step of the route that it tells of, drawn before it. */
    step: z.number().int().min(1).nullable(),
    runs: Runs,
  }),
  z.object({ kind: z.literal('list'), ordered: z.boolean(), items: z.array(Runs).max(MOST_REPORT_ROWS) }),
  z.object({
    kind: z.literal('table'),
    anchor: Anchor.nullable(),
    /** Without heads it is a list of names and values. */
    heads: z.boolean(),
    columns: z.array(Column).min(1).max(16),
    rows: z.array(Row).max(MOST_REPORT_ROWS),
  }),
  z.object({ kind: z.literal('figures'), figures: z.array(Figure).max(64) }),
  /** In order of time. */
  z.object({ kind: z.literal('timeline'), anchor: Anchor, entries: z.array(ReportEntry).max(MOST_REPORT_ROWS) }),
  z.object({
    kind: z.literal('route'),
    /** What is drawn, for who cannot see it. */
    title: Label,
    nodes: z.array(RouteNode).max(200),
    edges: z.array(RouteEdge).max(400),
  }),
  z.object({ kind: z.literal('evidence'), anchor: Anchor, items: z.array(ManifestItem).max(MOST_REPORT_ROWS) }),
  z.object({ kind: z.literal('glossary'), terms: z.array(z.object({ term: Label, meaning: Label })).max(1000) }),
])
export type Block = z.infer<typeof Block>

export const Section = z.object({ anchor: Anchor, title: Label, blocks: z.array(Block).max(10_000) })
export type Section = z.infer<typeof Section>

const Document = z.object({
  title: Label,
  number: z.string().max(64),
  language: ReportLanguage,
  /** The strictest of what is in it. */
  tlp: Tlp,
  pap: Pap,
  audience: z.enum(['internal', 'customer']),
  madeAt: IsoTime,
  madeBy: z.string().max(256),
  sections: z.array(Section).max(64),
})

/** Every anchor is there once, every link leads somewhere, every figure is the number of rows that it leads to. */
export const ReportDocument = Document.superRefine((document, context) => {
  const wrong = (message: string): void => context.addIssue({ code: 'custom', message })
  const places = placesOf(document, wrong)
  const check = (runs: Runs): void => {
    for (const run of runs)
      if (run.kind === 'cite' && run.target !== null && !places.has(run.target)) wrong(`nothing is called ${run.target}`)
  }
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind === 'paragraph') check(block.runs)
    else if (block.kind === 'list') block.items.forEach(check)
    else if (block.kind === 'timeline') block.entries.forEach(({ runs }) => check(runs))
    else if (block.kind === 'table')
      for (const { cells } of block.rows) {
        if (cells.length !== block.columns.length) wrong('a row has not as many cells as there are columns')
        cells.forEach(check)
      }
    else if (block.kind === 'figures')
      for (const { label, value, counts } of block.figures)
        if (counts.reduce((sum, anchor) => sum + (places.get(anchor) ?? NaN), 0) !== value)
          wrong(`${label} is ${value}, which is not what its rows count`)
  }
})
export type ReportDocument = z.infer<typeof ReportDocument>

/** Anchor → rows of the block that it names; 0 of what has no rows. */
function placesOf(document: z.infer<typeof Document>, wrong: (message: string) => void): Map<Anchor, number> {
  const places = new Map<Anchor, number>()
  const add = (anchor: Anchor | null, rows = 0): void => {
    if (anchor === null) return
    if (places.has(anchor)) wrong(`${anchor} is there twice`)
    places.set(anchor, rows)
  }
  for (const section of document.sections) {
    add(section.anchor)
    for (const block of section.blocks) {
      if (block.kind === 'heading') add(block.anchor)
      else if (block.kind === 'table') {
        add(block.anchor, block.rows.length)
        for (const row of block.rows) add(row.anchor)
      } else if (block.kind === 'timeline') {
        add(block.anchor, block.entries.length)
        for (const entry of block.entries) add(entry.anchor)
      } else if (block.kind === 'evidence') {
        add(block.anchor, block.items.length)
        for (const item of block.items) add(item.anchor)
      }
    }
  }
  return places
}

/** A written report: SHA-256 (hexadecimal) of what it says, the same for all formats, and of each file. */
export const ReportSignature = z.object({
  document: z.string().regex(/^[0-9a-f]{64}$/),
  files: z.array(z.object({ format: ReportFormat, bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})
export type ReportSignature = z.infer<typeof ReportSignature>
