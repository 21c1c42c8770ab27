import { z } from 'zod'
import { Cve } from '../../../../shared/model/asset.ts'
import { criterionOf } from '../cpe/criterion.ts'
import { parseCpe } from '../cpe/cpe-name.ts'
import { jsonItems } from '../reading/json-items.ts'
import { problem, type Place } from '../reading/row.ts'
import { readLine, readSeverity, severityOfScore } from '../reading/values.ts'
import { defineVulnerabilities, type ConditionNode, type VulnerabilityItem } from './define.ts'

const version = z.string().max(256).nullish()
const Match = z.object({
  vulnerable: z.boolean().default(true),
  criteria: z.string().max(2048),
  versionStartIncluding: version,
  versionStartExcluding: version,
  versionEndIncluding: version,
  versionEndExcluding: version,
})
interface Node {
  readonly operator?: 'AND' | 'OR' | undefined
  readonly negate?: boolean | undefined
  readonly cpeMatch?: readonly z.output<typeof Match>[] | undefined
  readonly nodes?: readonly Node[] | undefined
  readonly children?: readonly Node[] | undefined
}
const Node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    operator: z.enum(['AND', 'OR']).optional(),
    negate: z.boolean().optional(),
    cpeMatch: z.array(Match).max(50_000).optional(),
    nodes: z.array(Node).max(5000).optional(),
    children: z.array(Node).max(5000).optional(),
  }),
)
const Metric = z.object({
  type: z.string().optional(),
  baseSeverity: z.string().optional(),
  cvssData: z.object({
    baseScore: z.number().min(0).max(10),
    baseSeverity: z.string().optional(),
    vectorString: z.string().default(''),
  }),
})
const Metrics = z.object({
  cvssMetricV40: z.array(Metric).optional(),
  cvssMetricV31: z.array(Metric).optional(),
  cvssMetricV30: z.array(Metric).optional(),
  cvssMetricV2: z.array(Metric).optional(),
})
const Item = z.object({
  cve: z.object({
    id: z.string().trim().toUpperCase().pipe(Cve),
    lastModified: z.string().max(64).default(''),
    vulnStatus: z.string().optional(),
    descriptions: z.array(z.object({ lang: z.string(), value: z.string() })).default([]),
    metrics: Metrics.default({}),
    configurations: z.array(Node).max(5000).default([]),
  }),
})
const NAMES = new Set(['vulnerabilities'])
const MOST_DEPTH = 8

export default defineVulnerabilities({
  id: 'nvd-json',
  title: 'NVD CVE records (JSON 2.0)',
  spec: 'https://nvd.nist.gov/developers/vulnerabilities',
  doc: 'Answers of the CVE API 2.0 and its yearly feeds, also compressed: description, the newest CVSS that there is, and the configurations with their AND and OR nodes and ranges of versions. Rejected records are passed over. Of two records of one CVE the one changed later stays.',
  recognises: (head) =>
    /^\ufeff?\s*\{/.test(head)
      ? /"format"\s*:\s*"NVD_CVE"/.test(head)
        ? 1
        : /"vulnerabilities"\s*:\s*\[\s*\{\s*"cve"\s*:/.test(head)
          ? 0.96
          : 0
      : 0,
  async *read(pieces) {
    for await (const element of jsonItems(pieces, NAMES)) {
      if (element.kind === 'problem') yield element
      else {
        const item = itemOf(element.value, element.place)
        if (item) yield item
      }
    }
  },
  examples: [
    {
      name: 'a range, an application on an operating system, a rejected record, one without an id',
      input: `{"resultsPerPage": 4, "format": "NVD_CVE", "version": "2.0", "vulnerabilities": [
{"cve": {"id": "CVE-2021-41773", "lastModified": "2026-01-01T00:00:00.000", "descriptions": [{"lang": "es", "value": "no"}, {"lang": "en", "value": "Path traversal in httpd."}],
 "metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {"baseScore": 7.5, "baseSeverity": "HIGH", "vectorString": "CVSS:3.1/AV:N"}}], "cvssMetricV2": [{"baseSeverity": "MEDIUM", "cvssData": {"baseScore": 4.3}}]},
 "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*", "versionStartIncluding": "2.4.0", "versionEndExcluding": "2.4.51"}]}]}]}},
{"cve": {"id": "CVE-2026-1111", "configurations": [{"operator": "AND", "nodes": [
  {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:acme:agent:1.0:*:*:*:*:*:*:*"}]},
  {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:o:microsoft:windows_10:-:*:*:*:*:*:*:*"}]}]}]}},
{"cve": {"id": "CVE-2026-2222", "vulnStatus": "Rejected"}},
{"cve": {"id": "x"}}
]}`,
      expect: [
        {
          kind: 'vulnerability',
          record: {
            cve: 'CVE-2021-41773',
            title: 'Path traversal in httpd.',
            score: 7.5,
            vector: 'CVSS:3.1/AV:N',
            severity: 'high',
            modified: '2026-01-01T00:00:00.000',
            source: 'NVD',
            conditions: [
              {
                kind: 'one',
                vulnerable: true,
                criterion: { cpe: { product: 'http_server' }, range: { startIncluding: '2.4.0', endExcluding: '2.4.51' } },
              },
            ],
          },
        },
        {
          kind: 'vulnerability',
          record: {
            cve: 'CVE-2026-1111',
            score: null,
            severity: 'info',
            conditions: [
              {
                kind: 'all',
                items: [
                  { kind: 'one', vulnerable: true, criterion: { cpe: { version: '1.0' } } },
                  { kind: 'one', vulnerable: false, criterion: { cpe: { part: 'o', version: '-' } } },
                ],
              },
            ],
          },
        },
        { kind: 'problem', problem: { line: 9, column: 1, code: 'bad_value', value: 'cve.id' } },
      ],
    },
  ],
})

function itemOf(value: unknown, place: Place): VulnerabilityItem | null {
  const read = Item.safeParse(value)
  if (!read.success) {
    const issue = read.error.issues[0]
    return { kind: 'problem', problem: problem(place, 'bad_value', issue?.path.map(String).join('.') ?? '') }
  }
  const { id, lastModified, vulnStatus, descriptions, metrics, configurations } = read.data.cve
  if (vulnStatus?.toLowerCase() === 'rejected') return null
  const conditions: ConditionNode[] = []
  for (const configuration of configurations) {
    const node = nodeOf(configuration, 0)
    if (node === 'deep') return { kind: 'problem', problem: problem(place, 'too_deep', id) }
    if (typeof node === 'string') return { kind: 'problem', problem: problem(place, 'bad_cpe', node) }
    if (node !== null) conditions.push(node)
  }
  const lists = [metrics.cvssMetricV40, metrics.cvssMetricV31, metrics.cvssMetricV30, metrics.cvssMetricV2]
  const list = lists.find((one) => one !== undefined && one.length > 0)
  const metric = list?.find(({ type }) => type === 'Primary') ?? list?.[0]
  const text = (descriptions.find(({ lang }) => lang === 'en') ?? descriptions[0])?.value ?? ''
  const score = metric?.cvssData.baseScore ?? null
  return {
    kind: 'vulnerability',
    record: {
      cve: id,
      title: readLine(text, 600),
      score,
      vector: readLine(metric?.cvssData.vectorString ?? '', 256),
      severity:
        readSeverity(metric?.cvssData.baseSeverity ?? metric?.baseSeverity ?? '') ??
        (score === null ? 'info' : severityOfScore(score)),
      modified: lastModified,
      source: 'NVD',
      conditions,
    },
  }
}

/** Null where it says nothing; a text is the CPE that is none; `deep` where nodes lie too deep. */
function nodeOf(node: Node, depth: number): ConditionNode | string | null {
  if (depth > MOST_DEPTH) return 'deep'
  const items: ConditionNode[] = []
  for (const match of node.cpeMatch ?? []) {
    const cpe = parseCpe(match.criteria)
    if (!cpe.ok) return match.criteria
    items.push({
      kind: 'one',
      vulnerable: match.vulnerable,
      criterion: criterionOf(cpe.value, {
        startIncluding: match.versionStartIncluding ?? null,
        startExcluding: match.versionStartExcluding ?? null,
        endIncluding: match.versionEndIncluding ?? null,
        endExcluding: match.versionEndExcluding ?? null,
      }),
    })
  }
  for (const child of [...(node.nodes ?? []), ...(node.children ?? [])]) {
    const inner = nodeOf(child, depth + 1)
    if (typeof inner === 'string') return inner
    if (inner !== null) items.push(inner)
  }
  if (items.length === 0) return null
  const joined: ConditionNode = items.length === 1 ? items[0]! : { kind: node.operator === 'AND' ? 'all' : 'any', items }
  return node.negate === true ? { kind: 'not', item: joined } : joined
}
