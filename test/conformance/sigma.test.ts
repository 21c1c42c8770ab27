/** Sigma over real rules: every rule of the corpus loads; events match the rules that they are stated to match, and no others. */
import { describe, expect, it } from 'vitest'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadRules } from '../../electron/engine/sigma/load-rules.ts'
import { reachable } from '../../electron/engine/sigma/logsources/registry.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'

const folder = corpus('sigma')
const RULE_FOLDERS = ['rules', 'rules-compliance', 'rules-emerging-threats', 'rules-placeholder', 'rules-threat-hunting']

if (folder === null) it.skip(NO_CORPORA)
else
  describe('the Sigma corpus', async () => {
    const started = performance.now()
    const loaded = await loadRules(RULE_FOLDERS.map((name) => ({ path: join(folder, name), builtin: false })))
    const took = performance.now() - started

    it('loads every rule', () => {
      console.log(`${loaded.rules.length} rules in ${Math.round(took)} ms, ${loaded.failed} failed, ${loaded.rules.filter(reachable).length} reachable`)
      for (const { file, line, column, message, fatal } of loaded.problems) console.log(`${fatal ? 'error' : 'note'} ${file.slice(folder.length + 1)}:${line}:${column} ${message}`)
      expect(loaded.rules).toHaveLength(2274)
      expect(loaded.failed).toBe(0)
    })

    it('takes correlations and filters for what they are', async () => {
      const files = (await readdir(join(folder, 'correlation-filter-spec'), { recursive: true })).filter((name) => name.endsWith('.yml'))
      let notes = 0
      for (const name of files) {
        // One by one: two of them share an id.
        const spec = await loadRules([{ path: join(folder, 'correlation-filter-spec', name), builtin: false }])
        expect(spec.problems.filter(({ fatal }) => fatal)).toEqual([])
        notes += spec.problems.filter(({ message }) => message.startsWith('not evaluated yet')).length
      }
      console.log(`${files.length} files with correlations and filters, ${notes} of them stated as not evaluated yet`)
      expect(notes).toBeGreaterThanOrEqual(8)
    })
  })
