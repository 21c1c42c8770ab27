/** What would become of a pack's documents on this desk. */
import type { PackDocument, PackPreview } from '../../../../shared/pack-contract.ts'
import { reachable } from '../logsources/log-source.ts'
import type { Problem, ReadRule } from '../read-rule.ts'
import { resolveScenarios } from '../scenarios/resolve.ts'
import type { SigmaScenario } from '../scenarios/scenario.ts'
import type { SigmaFilter, SigmaRule } from '../types.ts'
import type { DeskRules } from './desk-rules.ts'
import { MOST_SAID } from './limits.ts'
import type { LookedAt } from './look-at.ts'
import type { Origins } from './origins.ts'
import type { Pace } from './pace.ts'

const MOST_PROBLEMS = 5

/** `replaces`: name of the folder whose place it would take. */
export async function previewOf(
  pack: LookedAt,
  desk: DeskRules,
  origins: Origins,
  replaces: string | null,
  pace: Pace,
): Promise<Omit<PackPreview, 'replaces'>> {
  const documents = new Documents(pack, desk, origins, replaces)
  for (const { name, documents: read } of pack.files)
    for (const one of read) {
      await pace.rest()
      documents.add(name, one)
    }
  documents.resolve()
  const { manifest } = pack
  return {
    manifest:
      manifest === null
        ? null
        : { description: manifest.description, author: manifest.author, license: manifest.license, made: manifest.made },
    name: pack.name,
    path: pack.path,
    sha256: pack.sha256,
    documents: documents.all,
    lists: documents.missingLists(),
    logSources: documents.missingLogSources(manifest?.logSources ?? []),
    left: pack.left.slice(0, MOST_SAID),
    leftCount: pack.left.length,
    disagree: pack.disagree.slice(0, MOST_SAID),
  }
}

class Documents {
  readonly all: PackDocument[] = []
  readonly #pack: LookedAt
  readonly #desk: DeskRules
  readonly #origins: Origins
  readonly #replaces: string | null
  readonly #rules = new Map<string, SigmaRule>()
  readonly #scenarios = new Map<string, SigmaScenario>()
  /** Of rules and scenarios of the pack: where the first of an id is. */
  readonly #files = new Map<string, string>()
  readonly #lists = new Set<string>()
  readonly #known: ReadonlyMap<string, SigmaRule | SigmaScenario>
  readonly #filters: ReadonlyMap<string, SigmaFilter>

  constructor(pack: LookedAt, desk: DeskRules, origins: Origins, replaces: string | null) {
    this.#pack = pack
    this.#desk = desk
    this.#origins = origins
    this.#replaces = replaces
    this.#known = new Map([...desk.rules, ...desk.scenarios].map((rule) => [rule.id, rule]))
    this.#filters = new Map(desk.filters.map((filter) => [filter.id, filter]))
  }

  add(file: string, { rule, scenario, filter, problems }: ReadRule): void {
    for (const list of [...(rule?.lists ?? []), ...(filter?.lists ?? [])]) this.#lists.add(list)
    if (filter !== null) this.#push(file, filter, 'filter', problems)
    else if (scenario !== null) this.#detection(file, scenario, 'scenario', problems)
    else if (rule !== null) this.#detection(file, rule, 'rule', problems)
    else
      this.all.push({
        id: '',
        title: '',
        kind: 'unknown',
        level: null,
        file,
        status: 'failing',
        other: null,
        problems: said(problems),
      })
  }

  #detection(file: string, one: SigmaRule | SigmaScenario, kind: 'rule' | 'scenario', problems: readonly Problem[]): void {
    const first = this.#files.get(one.id)
    if (first !== undefined) {
      const message = `the id ${one.id} belongs to a rule in ${first} already; that one is used`
      this.#push(file, one, kind, [{ file, line: 1, column: 1, message, fatal: true }, ...problems], true)
      return
    }
    this.#files.set(one.id, file)
    if (kind === 'rule') this.#rules.set(one.id, one as SigmaRule)
    else this.#scenarios.set(one.id, one as SigmaScenario)
    this.#push(file, one, kind, problems)
  }

  #push(
    file: string,
    one: SigmaRule | SigmaScenario | SigmaFilter,
    kind: 'rule' | 'scenario' | 'filter',
    problems: readonly Problem[],
    failing = false,
  ): void {
    const other = kind === 'filter' ? this.#filters.get(one.id) : this.#known.get(one.id)
    const same = other !== undefined && other.text === one.text
    this.all.push({
      id: one.id,
      title: one.title,
      kind,
      level: 'level' in one ? one.level : null,
      file,
      status: failing ? 'failing' : other === undefined ? 'new' : same ? 'same' : 'differs',
      other: other === undefined ? null : { used: this.#used(other, kind), file: other.file },
      problems: said(problems),
    })
  }

  #used(other: { readonly folder: string }, kind: string): 'this' | 'other' | 'both' {
    const { origin, name } = this.#origins.of(other.folder)
    // Filters have no id that counts: all of them apply.
    if (kind === 'filter') return origin === 'pack' && name === this.#replaces ? 'this' : 'both'
    return this.#origins.stays(this.#pack.name, other.folder, this.#replaces) ? 'this' : 'other'
  }

  /** Scenarios seen among all rules there would be: one whose rules are nowhere cannot run. */
  resolve(): void {
    if (this.#scenarios.size === 0) return
    const among = <T extends { readonly id: string; readonly folder: string }>(
      own: ReadonlyMap<string, T>,
      all: readonly T[],
    ): T[] => [
      ...own.values(),
      ...all.filter(({ id, folder }) => {
        const { origin, name } = this.#origins.of(folder)
        return !this.#files.has(id) && !(origin === 'pack' && name === this.#replaces)
      }),
    ]
    const resolved = resolveScenarios(among(this.#rules, this.#desk.rules), among(this.#scenarios, this.#desk.scenarios), (id) =>
      this.#scenarios.has(id),
    )
    for (const [i, document] of this.all.entries()) {
      const scenario = document.kind === 'scenario' ? this.#scenarios.get(document.id) : undefined
      if (scenario === undefined || scenario.file !== document.file || !resolved.broken.has(document.id)) continue
      const reasons = resolved.reasons.get(document.id) ?? []
      this.all[i] = { ...document, status: 'failing', problems: said([...reasons, ...document.problems]) }
    }
  }

  missingLists(): string[] {
    return [...this.#lists].filter((name) => !this.#desk.lists.has(name)).sort()
  }

  /** What no format known here can give events of, as rules name it; and ids of the manifest that the desk does not have. */
  missingLogSources(ids: readonly string[]): string[] {
    const names = new Set<string>()
    const meant = new Map([...this.#rules.values()].map(({ logsource }) => [JSON.stringify(logsource), logsource]))
    for (const logsource of meant.values())
      if (!reachable({ logsource }, this.#desk.sources)) {
        const { product, category, service } = logsource
        names.add([product, category, service].filter((part) => part !== undefined).join(' / '))
      }
    const known = new Set(this.#desk.logSources.entries.map(({ id }) => id))
    for (const id of ids) if (!known.has(id)) names.add(id)
    return [...names].sort().slice(0, MOST_SAID)
  }
}

const said = (problems: readonly { line: number; column: number; message: string }[]): PackDocument['problems'] =>
  problems.slice(0, MOST_PROBLEMS).map(({ line, column, message }) => ({ line, column, message }))
