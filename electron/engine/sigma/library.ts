/** All rules of the desk: the shipped ones and those of the user's folders, loaded, watched, switched on and off. */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { OFF_BY_DEFAULT, type RuleFolder, type RuleProblem, type RuleSummary } from '../../../shared/model/rule.ts'
import type { RunningScenario } from '../store/scenarios/steps-to-scenarios.ts'
import type { Store } from '../store/types.ts'
import { loadRules, type Loaded, type RuleFolderPath } from './load-rules.ts'
import { reachable, type LogSource } from './logsources/log-source.ts'
import { RuleCache } from './rule-cache.ts'
import { RuleCosts } from './rule-costs.ts'
import { resolveScenarios, type ResolvedScenarios } from './scenarios/resolve.ts'
import type { OwnLogSources } from './logsources/own-log-sources.ts'
import { shippedLogSources, type LogSourceTable } from './logsources/table.ts'
import { PlaceholderFiller } from './placeholders/fill-placeholders.ts'
import type { OwnLists } from './placeholders/own-lists.ts'
import { runningScenarios } from './scenarios/running.ts'
import type { SigmaScenario } from './scenarios/scenario.ts'
import { RuleSchedules } from './schedule/rule-schedules.ts'
import { partsOf, withSteps } from './scenarios/step-rules.ts'
import type { SigmaRule } from './types.ts'
import type { KnownRules } from './workbench/check-text.ts'
import { watchFolders, type FolderWatch, type WatchOptions } from './watch-folders.ts'

export interface RuleLibraryOptions {
  /** Where switches and folders are kept. */
  readonly store: Pick<Store, 'rules'>
  /** Folder of the shipped rules. */
  readonly builtin: string
  /** Folder of the desk's own rules, which stand above others with their ids. */
  readonly own?: string
  /** Folder whose sub-folders are imported packs: after own and shipped rules, before other folders. */
  readonly packs?: string
  /** The desk's own log sources; left out, those that are shipped are all there are. */
  readonly logSources?: OwnLogSources
  /** The desk's lists, from which placeholders are filled. */
  readonly lists?: OwnLists
  /** Left out, the library has its own. */
  readonly schedules?: RuleSchedules
  /** What rules cost, as it is reported to it. */
  readonly costs?: RuleCosts
  readonly watch?: WatchOptions
  /** Where parsed rules are kept between starts; left out, each start parses them. */
  readonly cacheFile?: string
}

/** Problems given to the screen; a folder of something else entirely has one for each file. */
const MAX_PROBLEMS = 2000

const NO_SCENARIOS: ResolvedScenarios = { plans: [], stepRules: [], problems: [], broken: new Set(), reasons: new Map() }
const NOTHING: Loaded = { rules: [], scenarios: [], filters: [], problems: [], folders: [], failed: 0, covered: new Map() }

export class RuleLibrary {
  readonly #store: Pick<Store, 'rules'>
  readonly #builtin: string
  readonly #own: string | null
  readonly #packs: string | null
  readonly #ownLogSources: OwnLogSources | null
  readonly #lists: OwnLists | null
  readonly #watchOptions: WatchOptions
  readonly #cache = new RuleCache()
  readonly #cacheFile: string | null
  readonly #schedules: RuleSchedules
  readonly #costs: RuleCosts
  readonly #listeners = new Set<() => void>()
  #folders: readonly string[] = []
  /** Switched by somebody: what is in neither is as its status says. */
  #switchedOff: ReadonlySet<string> = new Set()
  #switchedOn: ReadonlySet<string> = new Set()
  #loaded = NOTHING
  #logSources = shippedLogSources()
  #filler = new PlaceholderFiller()
  #listProblems: readonly RuleProblem[] = []
  #byId: ReadonlyMap<string, SigmaRule | SigmaScenario> = new Map()
  #resolved = NO_SCENARIOS
  #enabled: readonly SigmaRule[] = []
  #revision = 0
  #watch: FolderWatch | null = null
  #closed = false
  /** Loads and changes run one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #saving: Promise<void> = Promise.resolve()

  constructor(options: RuleLibraryOptions) {
    const { store, builtin, own, packs, logSources, lists, schedules, costs, watch = {}, cacheFile } = options
    this.#schedules = schedules ?? new RuleSchedules(store)
    this.#costs = costs ?? new RuleCosts()
    this.#ownLogSources = logSources ?? null
    this.#lists = lists ?? null
    this.#own = own === undefined ? null : resolve(own)
    this.#packs = packs === undefined ? null : resolve(packs)
    this.#cacheFile = cacheFile ?? null
    this.#store = store
    this.#builtin = resolve(builtin)
    this.#watchOptions = watch
  }

  /** Reads the settings, loads, and begins to watch. */
  async start(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#schedules.load()
      const { disabled, enabled, folders } = await this.#store.rules.settings()
      this.#switchedOff = new Set(disabled)
      this.#switchedOn = new Set(enabled)
      this.#folders = folders.map((folder) => resolve(folder)).filter((folder) => folder !== this.#builtin)
      if (this.#cacheFile !== null) await this.#cache.restore(this.#cacheFile)
      await this.#load()
    })
  }

  /** Rules that are evaluated live or steps of such scenarios, in order of loading: what the matcher is made of. */
  get rules(): readonly SigmaRule[] {
    return this.#enabled
  }

  /** What the log sources of rules mean. */
  get sources(): readonly LogSource[] {
    return this.#logSources.sources
  }

  get logSources(): LogSourceTable {
    return this.#logSources
  }

  /** Scenarios that run live, each behind those it speaks of. */
  get scenarios(): readonly RunningScenario[] {
    return runningScenarios(this.#resolved.plans, this.#loaded.scenarios)
  }

  /** Grows whenever `rules` changed. */
  get revision(): number {
    return this.#revision
  }

  get counts(): { readonly enabled: number; readonly failed: number } {
    const all = [...this.#loaded.rules, ...this.#loaded.scenarios]
    return { enabled: all.filter((one) => this.#isOn(one)).length, failed: this.#loaded.failed + this.#resolved.broken.size }
  }

  /** Called after `rules` changed. Gives a function that takes the listener away. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async list(): Promise<{ rules: RuleSummary[]; folders: RuleFolder[]; problems: RuleProblem[] }> {
    const counts = await this.#store.rules.counts()
    return {
      rules: [...this.#loaded.rules, ...this.#loaded.scenarios].map((rule) => this.#summary(rule, counts)),
      folders: this.#loaded.folders
        .filter(({ path }) => this.#packs === null || dirname(path) !== this.#packs)
        .map(({ path, rules, failed }) => ({ path, kind: this.#kindOf(path), rules, failed })),
      problems: this.#problems(),
    }
  }

  /** All that are loaded, on or off. */
  get known(): KnownRules & Loaded {
    return { ...this.#loaded, sources: this.sources, lists: this.#filler.lists }
  }

  /** Text of a shipped rule that one of the desk's own stands above. */
  shipped(id: string): string | null {
    return this.#loaded.covered.get(id) ?? null
  }

  /** Loads again, as when a file changed. */
  async reload(): Promise<void> {
    await this.#inTurn(() => this.#load())
  }

  /** Title of a rule or scenario that is loaded. */
  titleOf(id: string): string | null {
    return this.#byId.get(id)?.title ?? null
  }

  /** A rule or scenario by its id. */
  async get(id: string): Promise<Result<{ summary: RuleSummary; rule: SigmaRule | SigmaScenario }>> {
    const rule = this.#byId.get(id)
    if (rule === undefined) return fail({ code: 'not_found', message: `There is no rule ${id}` })
    return ok({ summary: this.#summary(rule, await this.#store.rules.counts()), rule })
  }

  async enable(ids: readonly string[], enabled: boolean): Promise<Result<void>> {
    return this.#inTurn(async () => {
      const unknown = ids.find((id) => !this.#byId.has(id))
      if (unknown !== undefined) return fail({ code: 'not_found', message: `There is no rule ${unknown}` })
      const saved = await this.#store.rules.enable(ids, enabled)
      if (!saved.ok) return saved
      const switchedOff = new Set(this.#switchedOff)
      const switchedOn = new Set(this.#switchedOn)
      for (const id of ids) {
        ;(enabled ? switchedOn : switchedOff).add(id)
        ;(enabled ? switchedOff : switchedOn).delete(id)
      }
      this.#switchedOff = switchedOff
      this.#switchedOn = switchedOn
      this.#changed()
      return ok(undefined)
    })
  }

  /** Whether it is on and may run over what is stored: steps of live scenarios are evaluated live, and raise what those say. */
  mayRun(id: string): boolean {
    return this.isOn(id) && !this.#isStep(id)
  }

  /** Whether it is switched on. */
  isOn(id: string): boolean {
    const rule = this.#byId.get(id)
    return rule !== undefined && this.#isOn(rule)
  }

  /** Rules that are evaluated live and slow, each with its title. */
  get slow(): readonly { readonly id: string; readonly title: string }[] {
    return this.#costs.slowRules.flatMap((id) => {
      const title = this.titleOf(id)
      return title !== null && this.#isLive(id) ? [{ id, title }] : []
    })
  }

  /** Runs them over what is stored every so many hours; `hours` null: evaluates them live again. */
  async schedule(ids: readonly string[], hours: number | null): Promise<Result<void>> {
    return this.#inTurn(async () => {
      const unknown = ids.find((id) => !this.#byId.has(id))
      if (unknown !== undefined) return fail({ code: 'not_found', message: `There is no rule ${unknown}` })
      const turned = ids.some((id) => this.#schedules.has(id) === (hours === null))
      const saved = await this.#schedules.set(ids, hours)
      if (saved.ok && turned) this.#changed()
      return saved
    })
  }

  /** Adds a folder and loads it. */
  async addFolder(path: string): Promise<Result<{ folder: RuleFolder; problems: RuleProblem[] }>> {
    const folder = resolve(path)
    const info = await stat(folder).catch(() => null)
    if (info?.isDirectory() !== true)
      return fail({ code: 'invalid_input', message: `${folder} is no folder that can be read`, path: 'path' })
    return this.#inTurn(async () => {
      if (folder === this.#builtin || folder === this.#own || this.#folders.includes(folder))
        return fail({ code: 'conflict', message: `${folder} is one of the rule folders already` })
      const folders = [...this.#folders, folder]
      const saved = await this.#store.rules.folders(folders)
      if (!saved.ok) return saved
      this.#folders = folders
      await this.#load()
      const { rules, failed } = this.#loaded.folders.find((count) => count.path === folder) ?? { rules: 0, failed: 0 }
      const inside = (file: string) => file === folder || file.startsWith(`${folder}/`) || file.startsWith(`${folder}\\`)
      return ok({
        folder: { path: folder, kind: 'added', rules, failed },
        problems: this.#problems().filter(({ file }) => inside(file)),
      })
    })
  }

  async removeFolder(path: string): Promise<Result<void>> {
    const folder = resolve(path)
    return this.#inTurn(async () => {
      if (this.#kindOf(folder) !== 'added')
        return fail({ code: 'conflict', message: 'Shipped and own rules cannot be removed as a folder; switch them off instead' })
      if (!this.#folders.includes(folder)) return fail({ code: 'not_found', message: `${folder} is none of the rule folders` })
      const folders = this.#folders.filter((other) => other !== folder)
      const saved = await this.#store.rules.folders(folders)
      if (!saved.ok) return saved
      this.#folders = folders
      await this.#load()
      return ok(undefined)
    })
  }

  close(): void {
    this.#closed = true
    this.#watch?.close()
    this.#watch = null
    this.#listeners.clear()
  }

  #isOn({ id, status }: SigmaRule | SigmaScenario): boolean {
    return this.#switchedOn.has(id) || (!this.#switchedOff.has(id) && !OFF_BY_DEFAULT.has(status))
  }

  #scheduleOf(id: string): RuleSummary['schedule'] {
    const schedule = this.#schedules.of(id)
    return schedule === null ? null : { ...schedule, step: this.#isStep(id) }
  }

  #isStep(id: string): boolean {
    return this.#resolved.stepRules.some((step) => step.id === id)
  }

  #isLive(id: string): boolean {
    return this.isOn(id) && !this.#schedules.has(id)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #load(): Promise<void> {
    const folders: RuleFolderPath[] = [
      ...(this.#own === null ? [] : [{ path: this.#own, builtin: false, own: true }]),
      { path: this.#builtin, builtin: true },
      ...(await this.#packFolders()).map((path) => ({ path, builtin: false })),
      ...this.#folders.map((path) => ({ path, builtin: false })),
    ]
    // Watched before it is read, so that no change falls in between.
    this.#watch?.close()
    if (!this.#closed)
      this.#watch = watchFolders(
        [
          ...folders.map(({ path }) => path),
          ...(this.#packs === null ? [] : [this.#packs]),
          ...[this.#ownLogSources, this.#lists].flatMap((own) => own?.folder ?? []),
        ],
        () => void this.#inTurn(() => this.#load()),
        this.#watchOptions,
      )
    const before = this.#loaded
    await this.#loadLists()
    this.#loaded = await loadRules(folders, this.#cache, this.#filler)
    const sourcesBefore = this.#logSources
    if (this.#ownLogSources !== null) this.#logSources = this.#ownLogSources.read()
    const file = this.#cacheFile
    if (file !== null) this.#saving = this.#saving.then(() => this.#cache.save(file))
    this.#byId = new Map([...this.#loaded.rules, ...this.#loaded.scenarios].map((rule) => [rule.id, rule]))
    // What did not change came from the cache and is the same object: a touched file is no reason to compile anew.
    if (this.#revision === 0 || !same(before, this.#loaded) || !sameSources(sourcesBefore, this.#logSources)) this.#changed()
  }

  #kindOf(folder: string): RuleFolder['kind'] {
    return folder === this.#builtin ? 'shipped' : folder === this.#own ? 'own' : 'added'
  }

  /** In order of their names. */
  async #packFolders(): Promise<string[]> {
    const folder = this.#packs
    if (folder === null) return []
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => join(folder, name))
      .sort()
  }

  async #loadLists(): Promise<void> {
    if (this.#lists === null) return
    const { changed, problems } = await this.#lists.load()
    this.#listProblems = problems.map((problem) => ({ ...problem, line: 0, column: 0 }))
    // Rules that were filled with the same lists stay the same objects.
    if (changed) this.#filler = new PlaceholderFiller(this.#lists.values)
  }

  #changed(): void {
    const live = (id: string): boolean => this.#isLive(id)
    this.#resolved = resolveScenarios(this.#loaded.rules, this.#loaded.scenarios, live)
    const parts = partsOf(this.#loaded.rules, this.#loaded.scenarios)
    this.#enabled = withSteps(this.#loaded.rules, this.#resolved.stepRules, (id) => live(id) && !parts.has(id))
    this.#revision++
    for (const listener of this.#listeners) listener()
  }

  #problems(): RuleProblem[] {
    return [...this.#logSources.problems, ...this.#listProblems, ...this.#loaded.problems, ...this.#resolved.problems]
      .slice(0, MAX_PROBLEMS)
      .map(({ file, line, column, message }) => ({ file, line, column, message }))
  }

  #summary(rule: SigmaRule | SigmaScenario, counts: Awaited<ReturnType<Store['rules']['counts']>>): RuleSummary {
    const count = Object.hasOwn(counts, rule.id) ? counts[rule.id] : undefined
    return {
      id: rule.id,
      kind: isScenario(rule) ? 'scenario' : 'rule',
      title: rule.title,
      level: rule.level,
      status: rule.status,
      logsource: isScenario(rule) ? rule.correlation.type : logsourceOf(rule),
      reachable: isScenario(rule) ? !this.#resolved.broken.has(rule.id) : reachable(rule, this.sources),
      attack: [...rule.attack],
      file: rule.file,
      folder: rule.folder,
      enabled: this.#isOn(rule),
      schedule: this.#scheduleOf(rule.id),
      cost: this.#costs.of(rule.id),
      slow: this.#isLive(rule.id) ? this.#costs.slow(rule.id) : null,
      alerts: count?.alerts ?? 0,
      lastAlert: count?.last ?? null,
    }
  }
}

const same = (a: Loaded, b: Loaded): boolean =>
  a.failed === b.failed &&
  a.problems.length === b.problems.length &&
  a.rules.length === b.rules.length &&
  a.scenarios.length === b.scenarios.length &&
  a.rules.every((rule, i) => rule === b.rules[i]) &&
  a.scenarios.every((scenario, i) => scenario === b.scenarios[i])

const sameSources = (a: LogSourceTable, b: LogSourceTable): boolean =>
  a.entries.length === b.entries.length &&
  a.entries.every(({ id, text }, i) => b.entries[i]!.id === id && b.entries[i]!.text === text)

export const isScenario = (rule: SigmaRule | SigmaScenario): rule is SigmaScenario => 'correlation' in rule

const logsourceOf = ({ logsource: { product, category, service } }: SigmaRule): string =>
  [product, category, service].filter((part) => part !== undefined).join(' / ')
