/** Sigma over real rules: every rule of the corpus loads; events match the rules that they are stated to match, and no others. */
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow } from '../../electron/engine/event/row.ts'
import { splitJson } from '../../electron/engine/ingest/normalise/json-split.ts'
import { parserById } from '../../electron/engine/ingest/parsers/registry.ts'
import { compileRules, compileRulesWith } from '../../electron/engine/sigma/compile.ts'
import { loadRules } from '../../electron/engine/sigma/load-rules.ts'
import { reachable } from '../../electron/engine/sigma/logsources/log-source.ts'
import { shippedLogSources } from '../../electron/engine/sigma/logsources/table.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'

const folder = corpus('sigma')
const RULE_FOLDERS = ['rules', 'rules-compliance', 'rules-emerging-threats', 'rules-placeholder', 'rules-threat-hunting']

/**
 * Where the two statements of the corpus disagree its README decides: names of Defender fields have blanks in the event and
 * none in rules, which the oracle of the cross match did not see.
 */
const STATED_OTHERWISE = new Set(['a7c3e5f2-8b1d-4e9a-b6c2-3d7f5e8a9b4c'])

interface CrossMatch {
  readonly rules_evaluated: readonly string[]
  readonly events: Readonly<Record<string, readonly { readonly record: number; readonly matches: readonly string[] }[]>>
}

if (folder === null) it.skip(NO_CORPORA)
else
  describe('the Sigma corpus', async () => {
    const started = performance.now()
    const loaded = await loadRules(RULE_FOLDERS.map((name) => ({ path: join(folder, name), builtin: false })))
    const took = performance.now() - started

    const fields = new FieldRegistry()
    const { matcher, problems } = compileRules(loaded.rules, fields)
    const parser = parserById('windows-json')!.create({
      fields,
      zone: 'UTC',
      received: Date.UTC(2026, 10, 20) * 1000,
      fileName: 'regression.json',
    })
    const row = new EventRow()
    row.format = 'windows-json'
    /** Ids of the rules that match each record of a file. */
    const matchFile = (file: string): Set<string>[] =>
      splitJson(readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, '')).map((text) => {
        row.clear()
        expect(parser.parse(text, row)).toBe('event')
        const matched = matcher.match(row)
        for (const rule of matched) expectMarks(rule)
        return new Set(matched.map((rule) => loaded.rules[rule]!.id))
      })
    const expectMarks = (index: number): void => {
      const rule = loaded.rules[index]!
      const lines = rule.text.split('\n')
      const marks = matcher.explain(index, row)
      expect(marks.length, rule.file).toBeGreaterThan(0)
      for (const { line, start, end, value } of marks) {
        expect(lines[line - 1]).toBeDefined()
        expect(start).toBeLessThanOrEqual(end)
        expect(end).toBeLessThanOrEqual(value.length)
      }
    }

    it('loads every rule', () => {
      const notes = loaded.problems.filter(({ fatal }) => !fatal)
      console.log(
        `${loaded.rules.length} rules in ${Math.round(took)} ms, ${loaded.failed} failed, ${loaded.rules.filter((rule) => reachable(rule, shippedLogSources().sources)).length} reachable, ${notes.length} placeholders without values`,
      )
      expect(loaded.problems.filter(({ fatal }) => fatal)).toEqual([])
      expect(loaded.rules).toHaveLength(2274)
      expect(problems).toEqual([])
      expect(matcher.size).toBe(2274)
    })

    it('takes correlations and filters for what they are', async () => {
      const files = (await readdir(join(folder, 'correlation-filter-spec'), { recursive: true })).filter((name) =>
        name.endsWith('.yml'),
      )
      let scenarios = 0
      let filters = 0
      for (const name of files) {
        // One by one: two of them share an id.
        const spec = await loadRules([{ path: join(folder, 'correlation-filter-spec', name), builtin: false }])
        expect(spec.problems.filter(({ fatal }) => fatal)).toEqual([])
        scenarios += spec.scenarios.length
        // The rules that they are for are not beside them.
        if (spec.problems.some(({ message }) => message.includes('there is no rule'))) filters++
      }
      console.log(`${files.length} files with correlations and filters: ${filters} filters, ${scenarios} correlations`)
      expect(filters).toBe(2)
      expect(scenarios).toBeGreaterThanOrEqual(6)
    })

    it('matches the regression data as often as stated', async () => {
      const infos = (await readdir(join(folder, 'regression_data'), { recursive: true })).filter((name) =>
        name.endsWith('info.yml'),
      )
      let passed = 0
      const missed: string[] = []
      for (const name of infos) {
        const info = parse(await readFile(join(folder, 'regression_data', name), 'utf8')) as {
          rule_metadata: { id: string }[]
          regression_tests_info: { match_count?: number }[]
        }
        const { id } = info.rule_metadata[0]!
        const found = matchFile(join('regression_data', dirname(name), `${id}.json`)).filter((matches) => matches.has(id)).length
        if (found >= (info.regression_tests_info[0]?.match_count ?? 1)) passed++
        else missed.push(`${id} ${name}: ${found}`)
      }
      console.log(`regression data: ${passed} of ${infos.length}`)
      expect(missed).toEqual([])
      expect(passed).toBe(129)
    })

    it('agrees with the cross match, events × rules', () => {
      const cross = JSON.parse(readFileSync(join(folder, 'crossmatch.json'), 'utf8')) as CrossMatch
      const evaluated = new Set(cross.rules_evaluated)
      let pairs = 0
      let agreeing = 0
      let stated = 0
      const other: string[] = []
      for (const [file, events] of Object.entries(cross.events)) {
        const found = matchFile(file)
        for (const { record, matches } of events)
          for (const id of evaluated) {
            const expected = matches.includes(id)
            if (expected) stated++
            pairs++
            if (found[record]!.has(id) === expected) agreeing++
            else if (!STATED_OTHERWISE.has(id)) other.push(`${expected ? 'missing' : 'extra'} ${id} in ${file} ${record}`)
          }
      }
      console.log(
        `cross match: ${agreeing} of ${pairs} pairs agree (${stated} matches), ${pairs - agreeing} are stated otherwise by the regression data`,
      )
      expect(other).toEqual([])
      expect(pairs - agreeing).toBeLessThanOrEqual(STATED_OTHERWISE.size)
    })

    it('finds with its filters what it finds without them', async () => {
      const starter = await loadRules([{ path: join(import.meta.dirname, '..', '..', 'resources', 'rules'), builtin: true }])
      const rules = [...starter.rules, ...loaded.rules]
      const filtered = compileRules(rules, fields).matcher
      const unfiltered = compileRulesWith(rules, fields, { unfiltered: true }).matcher
      const counts = { events: 0, matches: 0 }
      const compare = (format: string, records: readonly string[], file: string): void => {
        const own = parserById(format)!.create({ fields, zone: 'UTC', received: Date.UTC(2026, 10, 20) * 1000, fileName: file })
        row.format = format
        for (const record of records) {
          row.clear()
          if (own.parse(record, row) !== 'event') continue
          const matched = [...filtered.match(row)]
          expect(matched, record).toEqual([...unfiltered.match(row)])
          counts.events++
          counts.matches += matched.length
        }
      }
      const perf = corpus('perf')
      const logs = corpus('logs')
      const zeek = corpus('zeek')
      if (perf !== null) {
        const lines = readFileSync(join(perf, 'eve-60k.json'), 'utf8').split('\n')
        compare(
          'eve',
          lines.filter((line, i) => i % 10 === 0 || line.includes('"event_type":"http"')),
          'eve.json',
        )
      }
      if (logs !== null)
        for (const name of readdirSync(join(logs, 'security-datasets')).filter((name) => name.endsWith('.json')))
          compare('windows-json', readFileSync(join(logs, 'security-datasets', name), 'utf8').split('\n'), name)
      if (zeek !== null)
        for (const name of readdirSync(join(zeek, 'baseline')).filter((name) => name.endsWith('.log')))
          compare('zeek-tsv', readFileSync(join(zeek, 'baseline', name), 'utf8').split('\n'), name)
      console.log(`filters: ${counts.events} events, ${counts.matches} matches, the same with and without`)
      expect(counts.matches).toBeGreaterThan(0)
    })
  })
