import { mkdtempSync, rmSync, writeFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cpeOf, formatCpe, parseCpe } from '../cpe/cpe-name.ts'
import { criterionOf } from '../cpe/criterion.ts'
import { ALL_VERSIONS } from '../cpe/version-order.ts'
import type { ConditionNode, VulnerabilityRecord } from '../vulnerabilities/define.ts'
import { Catalogue } from './catalogue.ts'
import { nodeOfStored, storedNode } from './condition-text.ts'
import { judgeConditions } from './judge.ts'
import { readFile } from './read-file.ts'

let dir: string
let catalogue: Catalogue
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wf-catalogue-'))
  catalogue = Catalogue.open(dir)!
})
afterEach(() => {
  catalogue.close()
  rmSync(dir, { recursive: true })
})

const cpe = (text: string) => {
  const parsed = parseCpe(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const one = (text: string, range: Partial<typeof ALL_VERSIONS> = {}, vulnerable = true): ConditionNode => ({
  kind: 'one',
  vulnerable,
  criterion: criterionOf(cpe(text), { ...ALL_VERSIONS, ...range }),
})
const HTTPD = one('cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*', { startIncluding: '2.4.0', endExcluding: '2.4.51' })
const record = (
  cve: string,
  conditions: readonly ConditionNode[],
  more: Partial<VulnerabilityRecord> = {},
): VulnerabilityRecord => ({
  cve,
  title: cve,
  score: 7.5,
  vector: '',
  severity: 'high',
  modified: '2026-01-01',
  source: 'NVD',
  conditions,
  ...more,
})
const httpd = (version: string) => ({ cpe: formatCpe(cpeOf('a', 'apache', 'http_server', version)), how: 'cpe' as const })

describe('conditions', () => {
  const windows = one('cpe:2.3:o:microsoft:windows_10:*:*:*:*:*:*:*:*', {}, false)
  const agent = one('cpe:2.3:a:acme:agent:1.0:*:*:*:*:*:*:*')
  const both: ConditionNode = { kind: 'all', items: [agent, { kind: 'any', items: [windows] }] }
  const product = cpeOf('a', 'acme', 'agent', '1.0')
  it('with a system want that system, and say where it is not known', () => {
    expect(judgeConditions([both], product, [product, cpeOf('o', 'microsoft', 'windows_10', '1')])?.state).toBe('affected')
    expect(judgeConditions([both], product, [product, cpeOf('o', 'debian', 'debian_linux', '12')])?.state).toBe('not_affected')
    expect(judgeConditions([both], product, [product])?.state).toBe('under_investigation')
    expect(
      judgeConditions([{ kind: 'all', items: [agent, { kind: 'not', item: windows }] }], product, [
        product,
        cpeOf('o', 'debian', 'x'),
      ])?.state,
    ).toBe('affected')
  })
  it('say of another version what it is', () => {
    const same = cpeOf('a', 'apache', 'http_server', '2.4.49')
    expect(judgeConditions([HTTPD], same, [same])?.state).toBe('affected')
    expect(judgeConditions([HTTPD], cpeOf('a', 'apache', 'http_server', '2.4.51'), [])?.state).toBe('fixed')
    expect(judgeConditions([HTTPD], cpeOf('a', 'apache', 'http_server', '2.2'), [])?.state).toBe('not_affected')
    expect(judgeConditions([HTTPD], cpeOf('a', 'apache', 'http_server'), [])).toBeNull()
    expect(judgeConditions([HTTPD], cpeOf('a', 'f5', 'nginx', '1'), [])).toBeNull()
  })
  it('are stored and read back the same', () => {
    const leaf = fc
      .tuple(fc.boolean(), fc.stringMatching(/^[a-z]{1,5}$/), fc.option(fc.stringMatching(/^\d\.\d$/)))
      .map(([vulnerable, product_, end]): ConditionNode =>
        one(`cpe:2.3:a:x:${product_}:*:*:*:*:*:*:*:*`, { endExcluding: end }, vulnerable),
      )
    const { node } = fc.letrec<{ node: ConditionNode }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), items: fc.array(tie('node'), { maxLength: 3 }) }),
        fc.record({ kind: fc.constant('not' as const), item: tie('node') }),
      ),
    }))
    fc.assert(
      fc.property(node, (value) => {
        expect(nodeOfStored(JSON.parse(JSON.stringify(storedNode(value))))).toEqual(value)
      }),
    )
  })
})

describe('the catalogue', () => {
  it('finds what speaks of a product, and says what it means', () => {
    catalogue.write([{ kind: 'vulnerability', record: record('CVE-2021-41773', [HTTPD]) }])
    catalogue.write([{ kind: 'vulnerability', record: record('CVE-2000-0001', [one('cpe:2.3:a:f5:nginx:1.0:*:*:*:*:*:*:*')]) }])
    expect(catalogue.match([httpd('2.4.49'), httpd('2.4.60')])).toMatchObject({
      complete: true,
      matches: [
        {
          cve: 'CVE-2021-41773',
          product: 0,
          state: 'affected',
          how: 'cpe',
          source: 'NVD',
          detail: expect.stringContaining('≥ 2.4.0, < 2.4.51'),
        },
        { cve: 'CVE-2021-41773', product: 1, state: 'fixed' },
      ],
    })
    const nameless = { cpe: formatCpe(cpeOf('a', '', 'http_server', '2.4.49')), how: 'product' as const }
    expect(catalogue.match([nameless]).matches).toMatchObject([{ state: 'affected', how: 'product' }])
  })
  it('keeps of two records the one changed later, and nothing of what it said of products before', () => {
    catalogue.write([{ kind: 'vulnerability', record: record('CVE-2021-41773', [HTTPD]) }])
    catalogue.write([{ kind: 'vulnerability', record: record('CVE-2021-41773', [], { modified: '2025-01-01' }) }])
    expect(catalogue.match([httpd('2.4.49')]).matches).toHaveLength(1)
    catalogue.write([
      {
        kind: 'vulnerability',
        record: record('CVE-2021-41773', [one('cpe:2.3:a:f5:nginx:1.0:*:*:*:*:*:*:*')], { modified: '2026-02-01' }),
      },
    ])
    expect(catalogue.match([httpd('2.4.49')]).matches).toEqual([])
    expect(catalogue.counts().vulnerabilities).toBe(1)
  })
  it('believes a maker more than ranges, and a document in place of its earlier version', () => {
    catalogue.write([{ kind: 'vulnerability', record: record('CVE-2021-41773', [HTTPD]) }])
    const statement = (state: 'fixed' | 'not_affected', version: string) =>
      catalogue.write([
        { kind: 'document', id: 'ACME-1', publisher: 'Acme', version },
        {
          kind: 'statement',
          statement: {
            cve: 'CVE-2021-41773',
            state,
            criteria: [criterionOf(cpe(httpd('2.4.49').cpe))],
            product: 'httpd',
            remedy: 'none',
          },
        },
      ])
    statement('not_affected', '2026-01-02')
    expect(catalogue.match([httpd('2.4.49')]).matches).toMatchObject([
      { state: 'not_affected', how: 'statement', source: 'ACME-1' },
    ])
    statement('fixed', '2026-01-01')
    expect(catalogue.match([httpd('2.4.49')]).matches).toMatchObject([{ state: 'not_affected' }])
    statement('fixed', '2026-01-03')
    expect(catalogue.match([httpd('2.4.49')]).matches).toMatchObject([{ state: 'fixed' }])
    expect(catalogue.counts().statements).toBe(1)
  })
  it('knows what is exploited and how likely it is', () => {
    catalogue.write([
      {
        kind: 'exploited',
        cve: 'CVE-2021-41773',
        added: '2021-11-03',
        due: '2021-11-17',
        ransomware: true,
        title: 'Path traversal',
      },
      { kind: 'score', cve: 'CVE-2021-41773', epss: 0.9, date: '2026-01-02' },
      { kind: 'score', cve: 'CVE-2021-41773', epss: 0.1, date: '2026-01-01' },
    ])
    expect(catalogue.describe(['CVE-2021-41773', 'CVE-1999-0001'])).toEqual([
      {
        cve: 'CVE-2021-41773',
        title: 'Path traversal',
        score: null,
        vector: '',
        severity: 'info',
        exploited: { added: '2021-11-03', due: '2021-11-17', ransomware: true },
        epss: 0.9,
      },
      { cve: 'CVE-1999-0001', title: '', score: null, vector: '', severity: 'info', exploited: null, epss: null },
    ])
  })
  it('is put aside where it is damaged, and made anew', () => {
    catalogue.write([{ kind: 'score', cve: 'CVE-2021-41773', epss: 0.9, date: '' }])
    catalogue.close()
    writeFileSync(join(dir, 'vulnerabilities.db'), 'no database at all, and long enough to be looked at '.repeat(400))
    catalogue = Catalogue.open(dir)!
    expect(catalogue.counts().scores).toBe(0)
    expect(readdirSync(dir).some((name) => name.includes('damaged'))).toBe(true)
  })
})

describe('a file', () => {
  const read = (name: string, content: string | Uint8Array, signal = new AbortController().signal) => {
    writeFileSync(join(dir, name), content)
    return readFile(
      join(dir, name),
      { assets: async () => undefined, vulnerabilities: (items) => catalogue.write(items), progress: () => undefined },
      signal,
    )
  }
  const scores = `#model_version:v1,score_date:2026-01-02T00:00:00+0000\ncve,epss,percentile\n${Array.from({ length: 3000 }, (_, i) => `CVE-2020-${10_000 + i},0.5,0.5`).join('\n')}\nx,1,1\n`
  it('is recognised by its content, also compressed, and counted', async () => {
    expect(await read('a.bin', gzipSync(scores))).toMatchObject({
      format: 'epss-csv',
      kind: 'vulnerabilities',
      rows: 3000,
      added: 3000,
      wrong: 1,
      problems: [{ line: 3003, column: 1, code: 'bad_cve', value: 'x' }],
      refused: null,
    })
    expect(catalogue.counts().scores).toBe(3000)
    expect((await read('b.bin', gzipSync(scores))).changed).toBe(3000)
  })
  it('that is nothing known, not there, cut off, or not wanted any more is said to be so', async () => {
    expect((await read('c.txt', 'hello\nworld')).refused).toBe('not_recognised')
    expect((await read('d.bin', gzipSync(scores).subarray(0, 4000))).refused).toBe('unreadable')
    const sink = { assets: async () => undefined, vulnerabilities: () => ({ added: 0, changed: 0 }), progress: () => undefined }
    expect((await readFile(join(dir, 'none'), sink, new AbortController().signal)).refused).toBe('not_found')
    expect((await read('e.csv', scores, AbortSignal.abort())).refused).toBe('cancelled')
    const early = await read('f.json', '{"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2021-41773"}, {"cveID": ')
    expect(early).toMatchObject({ rows: 1, wrong: 1, problems: [{ code: 'ends_early', line: 1 }] })
    expect(catalogue.counts().exploited).toBe(1)
  })
})
