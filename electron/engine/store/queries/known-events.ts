/** Which events alerts have already, so that history raises none of them again. */
import type { ToldStep } from '../scenarios/told.ts'
import { Desk } from './desk.ts'
import type { Scope } from './events.ts'

/** Each rule is asked for once. */
export class KnownEvents {
  readonly #byRule = new Map<string, Set<number>>()
  readonly #dataDir: string
  readonly #scope: Scope

  constructor(dataDir: string, scope: Scope) {
    this.#dataDir = dataDir
    this.#scope = scope
  }

  has(rule: string, event: number): boolean {
    let known = this.#byRule.get(rule)
    if (known === undefined) this.#byRule.set(rule, (known = this.#ask(rule)))
    return known.has(event)
  }

  #ask(rule: string): Set<number> {
    const known = new Set<number>()
    // As hits write it: a bar or a backslash inside an id is escaped.
    const head = `rule|${rule.replace(/[|\\]/g, '\\$&')}|`
    for (const partition of this.#scope.library.newestFirst()) {
      const rows = partition.db
        .prepare('SELECT h.base, h.rows FROM hit_key k JOIN hit h ON h.key = k.id WHERE k.key >= ? AND k.key < ?')
        .all(head, `${head}\u{10ffff}`) as { base: number; rows: Uint8Array }[]
      for (const { base, rows: bytes } of rows)
        for (const row of new Uint16Array(new Uint8Array(bytes).buffer)) known.add(base + row)
    }
    const desk = new Desk(this.#dataDir)
    try {
      for (const { steps } of desk.all<{ steps: string }>('SELECT steps FROM scenario_hit WHERE scenario = ?', rule))
        for (const [event] of JSON.parse(steps) as ToldStep[]) known.add(event)
    } finally {
      desk.close()
    }
    return known
  }
}
