/** The small things the desk keeps: sources, switches of rules, saved views, settings. */
import { z } from 'zod'
import { SavedView } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { SourceSettings } from '../../../shared/model/source.ts'
import type { WriteDatabase } from './database.ts'
import type { InputOf, OutputOf, StoredSource } from './types.ts'

const MOST_VIEWS = 500
const MOST_SETTINGS = 1000

export class DeskSettings {
  readonly #db: WriteDatabase

  constructor(db: WriteDatabase) {
    this.#db = db
  }

  sources(): StoredSource[] {
    const rows = this.#db.prepare('SELECT id, settings, created FROM source ORDER BY created, id').all() as {
      id: string
      settings: string
      created: string
    }[]
    const sources: StoredSource[] = []
    for (const { id, settings, created } of rows) {
      const parsed = SourceSettings.safeParse(JSON.parse(settings))
      if (parsed.success) sources.push({ id, settings: parsed.data, created })
    }
    return sources
  }

  saveSource(source: StoredSource): void {
    this.#db
      .prepare(
        'INSERT INTO source (id, settings, created) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET settings = excluded.settings',
      )
      .run(source.id, JSON.stringify(source.settings), source.created)
  }

  removeSource(id: string): void {
    this.#db.prepare('DELETE FROM source WHERE id = ?').run(id)
  }

  rules(): { disabled: string[]; enabled: string[]; folders: string[] } {
    return {
      enabled: this.#db.prepare('SELECT id FROM rule_on').pluck().all() as string[],
      disabled: this.#db.prepare('SELECT id FROM rule_off').pluck().all() as string[],
      folders: this.#db.prepare('SELECT path FROM rule_folder ORDER BY place').pluck().all() as string[],
    }
  }

  enableRules(ids: readonly string[], enabled: boolean): void {
    const add = this.#db.prepare(`INSERT OR IGNORE INTO ${enabled ? 'rule_on' : 'rule_off'} (id) VALUES (?)`)
    const remove = this.#db.prepare(`DELETE FROM ${enabled ? 'rule_off' : 'rule_on'} WHERE id = ?`)
    this.#db.transaction(() => {
      for (const id of ids) {
        add.run(id)
        remove.run(id)
      }
    })()
  }

  /** Texts that a rule had, the newest first. */
  ruleVersions(id: string): { readonly at: number; readonly by: string; readonly text: string }[] {
    return this.#db.prepare('SELECT at, by, text FROM rule_version WHERE rule = ? ORDER BY id DESC LIMIT 200').all(id) as {
      at: number
      by: string
      text: string
    }[]
  }

  /** `at` in microseconds. A text that is the last one again is no new version. */
  addRuleVersion(ids: readonly string[], text: string, by: string, at: number): void {
    this.#db
      .transaction(() => {
        for (const id of ids)
          if (this.ruleVersions(id)[0]?.text !== text)
            this.#db.prepare('INSERT INTO rule_version (rule, at, by, text) VALUES (?, ?, ?, ?)').run(id, at, by, text)
      })
      .immediate()
  }

  /** What became of a detection's alerts. */
  ruleStatistics(detection: string): { alerts: number; open: number; events: number; verdicts: Record<string, number> } {
    const verdicts: Record<string, number> = {}
    for (const { verdict, count } of this.#db
      .prepare('SELECT verdict, count(*) AS count FROM alert WHERE detection = ? AND verdict IS NOT NULL GROUP BY verdict')
      .all(detection) as { verdict: string; count: number }[])
      verdicts[verdict] = count
    const sums = this.#db
      .prepare(
        'SELECT count(*) AS alerts, coalesce(sum(state < 2), 0) AS open, coalesce(sum(count), 0) AS events FROM alert WHERE detection = ?',
      )
      .get(detection) as { alerts: number; open: number; events: number }
    return { ...sums, verdicts }
  }

  setFolders(folders: readonly string[]): void {
    this.#db.transaction(() => {
      this.#db.exec('DELETE FROM rule_folder')
      const add = this.#db.prepare('INSERT OR IGNORE INTO rule_folder (path) VALUES (?)')
      for (const path of folders) add.run(path)
    })()
  }

  views(page: InputOf<'views.list'>['page']): OutputOf<'views.list'> {
    const rows = this.#db.prepare('SELECT id, page, name, value FROM view WHERE page = ? ORDER BY saved, id').all(page) as {
      value: string
    }[]
    const views: SavedView[] = []
    for (const row of rows) {
      const parsed = SavedView.safeParse({ ...row, value: JSON.parse(row.value) })
      if (parsed.success) views.push(parsed.data)
    }
    return { views }
  }

  saveView(view: SavedView, now: number): Result<SavedView> {
    const count = this.#db.prepare('SELECT count(*) FROM view WHERE id <> ?').pluck().get(view.id) as number
    if (count >= MOST_VIEWS)
      return fail({ code: 'conflict', message: `There are ${MOST_VIEWS} saved views already; remove one first.` })
    this.#db
      .prepare(
        'INSERT INTO view (id, page, name, value, saved) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET page = excluded.page, name = excluded.name, value = excluded.value',
      )
      .run(view.id, view.page, view.name, JSON.stringify(view.value), now)
    return ok(view)
  }

  removeView(id: string): Result<Record<string, never>> {
    return this.#db.prepare('DELETE FROM view WHERE id = ?').run(id).changes > 0
      ? ok({})
      : fail({ code: 'not_found', message: 'There is no such view.' })
  }

  setting(key: string): z.core.util.JSONType | null {
    const text = this.#db.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(key) as string | undefined
    if (text === undefined) return null
    return z.json().parse(JSON.parse(text))
  }

  setSetting(key: string, value: z.core.util.JSONType): Result<Record<string, never>> {
    if (
      value !== null &&
      (this.#db.prepare('SELECT count(*) FROM setting WHERE key <> ?').pluck().get(key) as number) >= MOST_SETTINGS
    )
      return fail({ code: 'conflict', message: 'There are too many settings.' })
    if (value === null) this.#db.prepare('DELETE FROM setting WHERE key = ?').run(key)
    else
      this.#db
        .prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
        .run(key, JSON.stringify(value))
    return ok({})
  }
}
