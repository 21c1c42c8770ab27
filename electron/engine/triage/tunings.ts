/** Tuning as people do it: what it would have removed is counted first, confirmed true positives are not hidden without a word, and it ends. */
import { randomUUID } from 'node:crypto'
import { fail, type Result } from '../../../shared/model/result.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import { TuningMatch, type Tuning, type TuningDraft, type TuningPreview } from '../../../shared/model/triage.ts'
import { quote } from '../../../shared/query/escape.ts'
import type { OwnRules } from '../sigma/workbench/own-rules.ts'
import type { InputOf, Store } from '../store/types.ts'
import { exceptionFilter } from './exception-filter.ts'

/** What it needs of the rule library. */
export interface TunedRules {
  /** Title and text of a rule; null where there is none of this id. */
  rule(id: string): Promise<{ readonly title: string; readonly text: string } | null>
}

const LOOK_EVERY = 30_000
const MOST_DAYS = 366
/** Alerts of a rule whose events an exception is tried on. */
const MOST_TRIED = 500
const WHO = 'watchfloor'

export class Tunings {
  readonly #store: Store
  readonly #rules: TunedRules
  readonly #own: OwnRules
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | null = null
  #revision = 0

  constructor(store: Store, rules: TunedRules, own: OwnRules, now: () => number = Date.now) {
    this.#store = store
    this.#rules = rules
    this.#own = own
    this.#now = now
  }

  start(): void {
    this.#timer = setInterval(() => void this.clear(), LOOK_EVERY).unref()
    void this.clear()
  }
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#listeners.clear()
  }

  get revision(): number {
    return this.#revision
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  #tell(): void {
    this.#revision++
    for (const listener of this.#listeners) listener()
  }

  async preview(draft: InputOf<'tuning.preview'>, signal: AbortSignal): Promise<Result<TuningPreview>> {
    const wrong = wrongDraft(draft)
    if (wrong !== null) return fail({ code: 'invalid_input', ...wrong })
    return this.#store.triage.preview(draft, draft.kind === 'exception' ? await this.#excepted(draft, signal) : null, signal)
  }

  /** Alerts of the rule that have an event which the exception fits, of the newest. */
  async #excepted(draft: InputOf<'tuning.preview'>, signal: AbortSignal): Promise<string[]> {
    const found = await this.#store.alerts.search(
      {
        where: `detection:${quote(draft.detection)}`,
        states: ['open', 'snoozed', 'decided'],
        window: { from: null, to: null },
        order: 'newest',
        limit: MOST_TRIED,
        after: null,
      },
      WHO,
      signal,
    )
    const excepted: string[] = []
    for (const { id } of found.ok ? found.value.alerts : []) {
      const events = await this.#store.alerts.events({ id, limit: 20, after: null }, WHO, signal)
      const fits = (fields: Readonly<Record<string, unknown>>): boolean =>
        Object.entries(draft.match.fields).every(([field, value]) =>
          textOf(fields[field]).some((one) => one.toLowerCase() === value.toLowerCase()),
        )
      // An alert is gone only where all of its events are.
      if (events.ok && events.value.events.length > 0 && events.value.events.every(({ fields }) => fits(fields)))
        excepted.push(id)
    }
    return excepted
  }

  /** `mayInsist`: the caller may hide confirmed true positives, and says why in `insist`. */
  async add(
    draft: TuningDraft,
    insist: string | null,
    mayInsist: boolean,
    by: string,
    signal: AbortSignal,
  ): Promise<Result<Tuning>> {
    if (!this.#mayEnd(draft.expires))
      return fail({ code: 'invalid_input', message: 'A tuning ends, within a year from now.', path: 'draft.expires' })
    const preview = await this.preview(draft, signal)
    if (!preview.ok) return preview
    const { alerts, events, confirmedTotal } = preview.value
    if (confirmedTotal > 0) {
      if (insist === null)
        return fail({
          code: 'conflict',
          message: `It would have hidden ${confirmedTotal} alerts that were confirmed as true positives.`,
        })
      if (!mayInsist)
        return fail({ code: 'forbidden', message: 'Confirmed true positives may not be hidden.', permission: 'tuning.insist' })
      if (insist.trim() === '') return fail({ code: 'invalid_input', message: 'Say why they may be hidden.', path: 'insist' })
    }
    const rule = await this.#rules.rule(draft.detection)
    let file: string | null = null
    if (draft.kind === 'exception') {
      const text = rule === null ? null : exceptionFilter(draft, rule.title, rule.text)
      if (text === null)
        return fail({
          code: 'invalid_input',
          message: 'Only a rule with a log source can have an exception.',
          path: 'draft.kind',
        })
      file = await this.#own.newName(`exception ${rule?.title ?? ''}`)
      await this.#own.write(file, text)
    }
    const added = await this.#store.triage.tune(
      {
        id: randomUUID(),
        draft,
        title: rule?.title ?? (await this.#titleOf(draft.detection, signal)),
        insisted: confirmedTotal > 0 ? insist : null,
        file,
        preview: { alerts, events, confirmed: confirmedTotal },
      },
      by,
    )
    if (!added.ok && file !== null) await this.#own.remove(file)
    this.#tell()
    return added
  }

  /** Of a signature: as its newest alert calls it. */
  async #titleOf(detection: string, signal: AbortSignal): Promise<string> {
    const found = await this.#store.alerts.search(
      {
        where: `detection:${quote(detection)}`,
        states: ['open', 'snoozed', 'decided'],
        window: { from: null, to: null },
        order: 'newest',
        limit: 1,
        after: null,
      },
      WHO,
      signal,
    )
    return (found.ok ? found.value.alerts[0]?.title : undefined) ?? detection
  }

  #mayEnd(expires: string): boolean {
    const ends = (microsFromIso(expires) ?? 0) / 1000
    return ends > this.#now() && ends <= this.#now() + MOST_DAYS * 86_400_000
  }

  /** Gives an active tuning another end. */
  async change(id: string, expires: string, reason: string, by: string, signal: AbortSignal): Promise<Result<Tuning>> {
    if (!this.#mayEnd(expires))
      return fail({ code: 'invalid_input', message: 'A tuning ends, within a year from now.', path: 'expires' })
    const listed = await this.#store.triage.tunings({ ended: true }, signal)
    if (!listed.ok) return listed
    const tuning = listed.value.tunings.find((one) => one.id === id)
    if (!tuning) return fail({ code: 'not_found', message: 'There is no such tuning.' })
    if ((microsFromIso(expires) ?? 0) > (microsFromIso(tuning.expires) ?? 0) && tuning.insisted === null) {
      const { kind, detection, threshold } = tuning
      const preview = await this.preview({ kind, detection, threshold, match: TuningMatch.parse(tuning.match) }, signal)
      if (!preview.ok) return preview
      if (preview.value.confirmedTotal > 0)
        return fail({
          code: 'conflict',
          message: `It would hide alerts like ${preview.value.confirmedTotal} that were confirmed as true positives meanwhile: end it, and make it anew.`,
        })
    }
    const changed = await this.#store.triage.change(id, expires, reason, by)
    this.#tell()
    return changed
  }

  async end(id: string, reason: string, by: string): Promise<Result<Tuning>> {
    const ended = await this.#store.triage.end(id, reason, by)
    if (ended.ok) await this.clear()
    this.#tell()
    return ended
  }

  /** Takes away the filters of exceptions that are over. */
  async clear(): Promise<void> {
    for (const file of await this.#store.triage.spentFiles())
      if (this.#own.isName(file) && (await this.#own.read(file)) !== null) {
        await this.#own.remove(file)
        this.#tell()
      }
  }
}

const textOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map(String)
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [String(value)]
      : []

/** What a draft lacks; null where it is whole. */
function wrongDraft({
  kind,
  match,
  threshold,
}: InputOf<'tuning.preview'>): { readonly message: string; readonly path: string } | null {
  const { source, destination, asset, user, fields } = match
  const ends = [source, destination, asset, user].some((one) => one !== null)
  switch (kind) {
    case 'suppression':
      if (!ends) return { message: 'A suppression names a source, a destination, an asset or a user.', path: 'draft.match' }
      return threshold === null ? null : { message: 'A suppression has no threshold.', path: 'draft.threshold' }
    case 'threshold':
      return threshold === null ? { message: 'A threshold says from how many events on.', path: 'draft.threshold' } : null
    case 'exception':
      if (Object.keys(fields).length === 0)
        return { message: 'An exception names fields of the event.', path: 'draft.match.fields' }
      return ends ? { message: 'An exception names fields only.', path: 'draft.match' } : null
  }
}
