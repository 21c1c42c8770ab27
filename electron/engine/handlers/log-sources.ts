/** Log sources and lists (contract areas `logsources` and `lists`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { LogSourceFile, LogSourceRow, logSourceContract } from '../../../shared/log-source-contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { RuleLibrary } from '../sigma/library.ts'
import { isMeant, type LogSource } from '../sigma/logsources/log-source.ts'
import { checkLogSource, type OwnLogSources } from '../sigma/logsources/own-log-sources.ts'
import type { LogSourceEntry } from '../sigma/logsources/table.ts'
import type { OwnLists } from '../sigma/placeholders/own-lists.ts'
import type { SigmaRule } from '../sigma/types.ts'

type LogSourceHandlers = Pick<HandlersOf<WatchfloorContract>, keyof typeof logSourceContract>

const SAMPLE = 5

export function logSourceHandlers(library: RuleLibrary, own: OwnLogSources, lists: OwnLists): LogSourceHandlers {
  return {
    async 'logsources.list'() {
      const { rules } = library.known
      return ok({ files: library.logSources.entries.map((entry) => fileOf(entry, rules)) })
    },
    async 'logsources.save'({ id, text }) {
      const saved = await own.save(id, text)
      if (!saved.ok) return saved
      await library.reload()
      return ok({})
    },
    async 'logsources.reset'({ id }) {
      const done = await own.reset(id)
      if (!done.ok) return done
      await library.reload()
      return ok({})
    },
    async 'logsources.check'({ id, text }) {
      return ok({ problems: checkLogSource(text, id, library.logSources).map((problem) => ({ ...problem })) })
    },
    async 'lists.list'() {
      const asked = new Map<string, number>()
      for (const { lists: names = [] } of library.known.rules)
        for (const name of names) asked.set(name, (asked.get(name) ?? 0) + 1)
      const known = lists.all.map(({ name, values, changed }) => ({
        name,
        values: values.length,
        sample: values.slice(0, SAMPLE),
        changed: isoFromMicros(changed),
        rules: asked.get(name) ?? 0,
      }))
      const missing = [...asked].filter(([name]) => !lists.values.has(name)).map(([name, rules]) => ({ name, rules }))
      return ok({ lists: known, missing: missing.sort((a, b) => b.rules - a.rules || (a.name < b.name ? -1 : 1)) })
    },
    async 'lists.get'({ name }) {
      const list = lists.all.find((one) => one.name === name)
      return list === undefined
        ? fail({ code: 'not_found', message: `There is no list ${name}` })
        : ok({ values: [...list.values] })
    },
    async 'lists.save'({ name, values }) {
      const saved = await lists.save(name, values.join('\n'))
      if (!saved.ok) return saved
      await library.reload()
      return ok({ values: lists.all.find((list) => list.name === name)?.values.length ?? 0 })
    },
    async 'lists.remove'({ name }) {
      const done = await lists.remove(name)
      if (!done.ok) return done
      await library.reload()
      return ok({})
    },
  }
}

function fileOf(
  { id, definition, shipped, changed, text, problems }: LogSourceEntry,
  rules: readonly SigmaRule[],
): LogSourceFile {
  const sources = definition?.sources ?? []
  return {
    id,
    title: definition?.title ?? id,
    doc: definition?.doc ?? '',
    spec: definition?.spec ?? '',
    shipped,
    changed,
    text,
    sources: sources.map((source) => rowOf(source, rules)),
    rules: rules.filter((rule) => sources.some((source) => means(rule, source))).length,
    problems: problems.map(({ line, column, message }) => ({ line, column, message })),
  }
}

const means = ({ logsource }: SigmaRule, { names }: LogSource): boolean => names.some((name) => isMeant(logsource, name))

function rowOf(source: LogSource, rules: readonly SigmaRule[]): LogSourceRow {
  const { names, when, fields = {} } = source
  return {
    names: names.map(({ product = null, category = null, service = null }) => ({ product, category, service })),
    formats: [...when.format],
    types: [...(when.type ?? [])],
    values: Object.entries(when.fields ?? {}).map(([field, values]) => ({ field, values: values.map(String) })),
    has: [...(when.has ?? [])],
    fields: Object.entries(fields).map(([name, from]) =>
      typeof from === 'string'
        ? { name, from: [from], derive: null }
        : 'derive' in from
          ? { name, from: [], derive: from.derive }
          : { name, from: [...from], derive: null },
    ),
    rules: rules.filter((rule) => means(rule, source)).length,
  }
}
