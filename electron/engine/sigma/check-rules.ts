/** Rules, scenarios and filters of folders, only loaded: what is wrong with them, and what a person should know of them. */
import { loadRules } from './load-rules.ts'
import { reachable, type LogSource } from './logsources/log-source.ts'
import { shippedLogSources } from './logsources/table.ts'
import { PlaceholderFiller } from './placeholders/fill-placeholders.ts'
import { readList } from './placeholders/own-lists.ts'
import type { Problem } from './read-rule.ts'
import { resolveScenarios } from './scenarios/resolve.ts'
import type { SigmaRule } from './types.ts'

export interface CheckedProblem {
  readonly file: string
  /** 1-based; 0 where the file itself cannot be read. */
  readonly line: number
  readonly column: number
  /** `note`: the rule, if it is one, loaded. */
  readonly severity: 'error' | 'note'
  readonly message: string
}

export interface CheckedRules {
  readonly problems: readonly CheckedProblem[]
  readonly rules: number
  readonly scenarios: number
  /** Documents that should have been rules and are not, and scenarios that cannot run. */
  readonly failed: number
  /** Whether all went well: nothing failed, and every list was read. */
  readonly ok: boolean
}

/** `lists`: name → file, one value a line. Never rejects. */
export async function checkRules(
  folders: readonly string[],
  lists: Readonly<Record<string, string>> = {},
): Promise<CheckedRules> {
  const values = new Map<string, readonly string[]>()
  const problems: CheckedProblem[] = []
  for (const [name, file] of Object.entries(lists)) {
    const read = await readList(file)
    if (read.ok) values.set(name, read.value)
    else
      problems.push({
        file,
        line: 0,
        column: 0,
        severity: 'error',
        message: `list ${name}: ${read.error.message.replace(`${file}: `, '')}`,
      })
  }
  const listsRead = problems.length === 0
  const loaded = await loadRules(
    folders.map((path) => ({ path, builtin: false })),
    undefined,
    new PlaceholderFiller(values),
  )
  const resolved = resolveScenarios(loaded.rules, loaded.scenarios, () => true)
  const { sources } = shippedLogSources()
  const unknown = loaded.rules.filter((rule) => !reachable(rule, sources)).map((rule) => unknownSource(rule, sources))
  for (const { fatal, file, line, column, message } of [...loaded.problems, ...resolved.problems, ...unknown])
    problems.push({ file, line, column, severity: fatal ? 'error' : 'note', message })
  const failed = loaded.failed + resolved.broken.size
  return {
    problems,
    rules: loaded.rules.length,
    scenarios: resolved.plans.length,
    failed,
    ok: failed === 0 && listsRead,
  }
}

/** A log source of which no record can be told here. A desk may have its own, so it is no error. */
function unknownSource({ logsource, file, line = 1, text }: SigmaRule, sources: readonly LogSource[]): Problem {
  const parts = (['product', 'category', 'service'] as const).filter((part) => logsource[part] !== undefined)
  // Where one part is known nowhere, it is the one to look at.
  const nowhere = parts.filter((part) => !reachable({ logsource: { [part]: logsource[part] } }, sources))
  const named = (nowhere.length > 0 ? nowhere : parts).map((part) => `${part}: ${logsource[part]!}`).join(', ')
  const before = text.slice(0, Math.max(0, text.search(/^logsource\s*:/m)))
  return {
    file,
    line: line + before.split('\n').length - 1,
    column: 1,
    message: `logsource: no shipped log source has ${named}; the rule matches nothing on a desk that has not added it`,
    fatal: false,
  }
}
