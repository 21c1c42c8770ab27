/** Reports of incidents: what is asked for, to files whose hashes stand in the incident's ledger. */
import { existsSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { ReportChoice, ReportRedacted } from '../../../../shared/incident-report-contract.ts'
import { MOST_PREVIEW } from '../../../../shared/incident-report-contract.ts'
import type { ReportFormat } from '../../../../shared/model/report.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { MOST_NAMES, type MaskOptions } from '../../reports/redaction/mask.ts'
import type { SourceAlert } from '../../reports/report-source.ts'
import type { WrittenReport } from '../../reports/write-job.ts'
import { writeReport } from '../../reports/write-report.ts'
import type { Assets } from '../../assets/assets.ts'
import type { Store } from '../../store/types.ts'
import { takeName } from '../../take-name.ts'
import { sourceOfIncident, type ReportDesk } from './source-of-incident.ts'

type Tell = (progress: { readonly part: number }) => void
export interface ReportFiles {
  readonly folder: string
  readonly files: { path: string; bytes: number; sha256: string }[]
  readonly document: string
  readonly redacted: ReportRedacted | null
}

/** Alerts whose verification is asked for at once. */
const AT_ONCE = 16

export class IncidentReports {
  readonly #store: Pick<Store, 'incidents' | 'impact'>
  readonly #assets: Pick<Assets, 'customer' | 'directory'>
  readonly #dataDir: string
  readonly #now: () => number

  constructor(
    store: Pick<Store, 'incidents' | 'impact'>,
    assets: Pick<Assets, 'customer' | 'directory'>,
    dataDir: string,
    now: () => number = Date.now,
  ) {
    this.#store = store
    this.#assets = assets
    this.#dataDir = dataDir
    this.#now = now
  }

  /** The page as text, and what redaction did. Errors: those of `writeReport`, and `not_found`. */
  async preview(
    choice: ReportChoice,
    by: string,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<Result<{ html: string | null; redacted: ReportRedacted | null }>> {
    const made = await this.#make(choice, ['html'], by, tell, signal)
    if (!made.ok) return made
    const html = new TextDecoder().decode(made.value.files[0]?.bytes)
    return ok({ html: html.length > MOST_PREVIEW ? null : html, redacted: made.value.redacted })
  }

  /** All files or none. `invalid_input` where there is no such folder, `conflict` where a file is there already or the incident was merged. */
  async write(
    { formats, folder, ...choice }: ReportChoice & { readonly formats: readonly ReportFormat[]; readonly folder: string | null },
    by: string,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<Result<ReportFiles>> {
    if (folder !== null && (!isAbsolute(folder) || folder.includes('\0')))
      return fail({ code: 'invalid_input', message: 'The path must be absolute.', path: 'folder' })
    if (folder !== null && !existsSync(folder))
      return fail({ code: 'invalid_input', message: `There is no folder ${folder}.`, path: 'folder' })
    const made = await this.#make(choice, formats, by, tell, signal)
    if (!made.ok) return made
    const into = folder ?? join(this.#dataDir, 'exports')
    const stamp = new Date(this.#now()).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
    const stem = `${choice.number}-${choice.customer === null ? 'internal' : 'customer'}-${choice.language}-${stamp}`
    const written: string[] = []
    const undo = (): Promise<unknown> => Promise.all(written.map((path) => rm(path, { force: true })))
    try {
      await mkdir(into, { recursive: true })
      for (const { format, bytes } of made.value.files) {
        const path = join(into, `${stem}.${format}`)
        await writeNew(path, bytes)
        written.push(path)
      }
    } catch (error) {
      await undo()
      const message = error instanceof Error ? error.message : String(error)
      const there = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      return fail(there ? { code: 'conflict', message } : { code: 'invalid_input', message, path: 'folder' })
    }
    const { signature, redacted } = made.value
    const kept = await this.#store.incidents.reportWritten(
      {
        number: choice.number,
        language: choice.language,
        version: choice.customer === null ? 'internal' : 'customer',
        tlp: choice.customer?.tlp ?? null,
        masked: choice.customer?.mask ?? false,
        document: signature.document,
        files: signature.files,
      },
      by,
    )
    if (!kept.ok) {
      await undo()
      return kept
    }
    const files = signature.files.map(({ bytes, sha256 }, index) => ({ path: written[index] ?? '', bytes, sha256 }))
    return ok({ folder: into, files, document: signature.document, redacted })
  }

  async #make(
    { number, language, customer }: ReportChoice,
    formats: readonly ReportFormat[],
    by: string,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<Result<WrittenReport>> {
    const at = new Date(this.#now()).toISOString()
    const source = await sourceOfIncident(this.#desk(), number, at, signal)
    if (!source.ok) return source
    let mask: MaskOptions | null = null
    if (customer?.mask === true) {
      const incident = await this.#store.incidents.get({ number }, signal)
      if (!incident.ok) return incident
      const made = this.#maskFor(incident.value.customer)
      if (!made.ok) return made
      mask = made.value
    }
    return writeReport(
      source.value,
      { language, at, by, formats: [...formats], customer: customer === null ? null : { tlp: customer.tlp, mask } },
      { progress: (part) => tell({ part }), signal },
    )
  }

  /** What is the customer's stays; hosts of all others are masked, whose they are or not. */
  #maskFor(customer: string | null): Result<MaskOptions> {
    const [own, hosts] = [new Set<string>(), new Set<string>()]
    const ownNames = new Set<string>()
    for (const asset of this.#assets.directory.all()) {
      const names = [asset.name, ...asset.otherNames, ...asset.seen.names]
      if (customer !== null && asset.customer === customer) {
        for (const address of [...asset.addresses, ...asset.networks]) own.add(address)
        for (const name of names) ownNames.add(name.toLowerCase())
      } else for (const name of names) if (/^[\p{L}\p{N}]/u.test(name)) hosts.add(name)
    }
    const others = [...hosts].filter((name) => !ownNames.has(name.toLowerCase()))
    // What could not be masked must not go out as if it were.
    if (own.size > MOST_NAMES || others.length > MOST_NAMES)
      return fail({
        code: 'invalid_input',
        message: `The inventory has more than ${MOST_NAMES} names to mask.`,
        path: 'customer',
      })
    return ok({ own: [...own], hosts: others })
  }

  #desk(): ReportDesk {
    return {
      incidents: this.#store.incidents,
      customerName: (id) => this.#assets.customer(id)?.name ?? null,
      impactOf: async (alerts, signal) => {
        const found = new Map<string, SourceAlert['impact']>()
        const verified = alerts.filter(({ impact }) => impact !== null)
        for (let at = 0; at < verified.length; at += AT_ONCE) {
          const answers = await Promise.all(
            verified.slice(at, at + AT_ONCE).map(({ id }) => this.#store.impact.get({ alert: id }, signal)),
          )
          for (const answer of answers) {
            if (!answer.ok) return answer
            const [standing] = answer.value.verifications
            if (standing)
              found.set(standing.alert, { result: standing.result, confidence: standing.confidence, reason: standing.reason })
          }
        }
        return ok(found)
      },
    }
  }
}

/** There whole or not at all, and never over what was there. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await takeName(draft, path)
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}
