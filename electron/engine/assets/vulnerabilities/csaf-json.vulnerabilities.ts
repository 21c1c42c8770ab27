import { z } from 'zod'
import { Cve, type FixedState } from '../../../../shared/model/asset.ts'
import { criterionOf, type Criterion } from '../cpe/criterion.ts'
import { ANY, cpeOf, parseCpe } from '../cpe/cpe-name.ts'
import { cpeOfText, slugOf } from '../cpe/product-text.ts'
import { ALL_VERSIONS, isOpen, parseRanges } from '../cpe/version-order.ts'
import { jsonDocument } from '../reading/json-items.ts'
import { problem } from '../reading/row.ts'
import { readLine, severityOfScore } from '../reading/values.ts'
import { defineVulnerabilities, type VulnerabilityItem } from './define.ts'

const MOST_CHARACTERS = 64 << 20
const MOST_DEPTH = 30

const Ids = z.array(z.string().max(1024)).optional()
const Product = z.object({
  product_id: z.string().min(1).max(1024),
  name: z.string().default(''),
  product_identification_helper: z.object({ cpe: z.string().optional() }).optional(),
})
interface Branch {
  readonly category: string
  readonly name: string
  readonly product?: z.output<typeof Product> | undefined
  readonly branches?: readonly Branch[] | undefined
}
const Branch: z.ZodType<Branch> = z.lazy(() =>
  z.object({ category: z.string(), name: z.string(), product: Product.optional(), branches: z.array(Branch).optional() }),
)
const Cvss = z.object({ baseScore: z.number().min(0).max(10), vectorString: z.string().default('') })
const Document = z.object({
  document: z.object({
    csaf_version: z.string(),
    title: z.string().default(''),
    publisher: z.object({ name: z.string().default(''), namespace: z.string().default('') }),
    tracking: z.object({
      id: z.string().min(1).max(256),
      version: z.string().max(64).default(''),
      current_release_date: z.string().default(''),
    }),
  }),
  product_tree: z
    .object({
      branches: z.array(Branch).optional(),
      full_product_names: z.array(Product).optional(),
      relationships: z
        .array(z.object({ product_reference: z.string(), relates_to_product_reference: z.string(), full_product_name: Product }))
        .optional(),
    })
    .default({}),
  vulnerabilities: z
    .array(
      z.object({
        cve: z.string().optional(),
        title: z.string().optional(),
        notes: z.array(z.object({ category: z.string(), text: z.string() })).optional(),
        scores: z.array(z.object({ cvss_v3: Cvss.optional(), cvss_v2: Cvss.optional() })).optional(),
        product_status: z
          .object({
            known_affected: Ids,
            first_affected: Ids,
            last_affected: Ids,
            known_not_affected: Ids,
            fixed: Ids,
            first_fixed: Ids,
            recommended: Ids,
            under_investigation: Ids,
          })
          .default({}),
        remediations: z.array(z.object({ category: z.string(), details: z.string(), product_ids: Ids })).optional(),
      }),
    )
    .default([]),
})

/** What each list of `product_status` says (CSAF 2.0 section 3.2.3.9). `recommended` says nothing of the CVE. */
const STATES: Readonly<Record<string, FixedState>> = {
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  known_not_affected: 'not_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  under_investigation: 'under_investigation',
}

export default defineVulnerabilities({
  id: 'csaf-json',
  title: 'CSAF 2.0 and VEX (JSON)',
  spec: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html',
  doc: 'Advisories of the Common Security Advisory Framework, with the VEX profile: what a maker says of each CVE in each product, affected, not affected, fixed, or under investigation. Products are known by their CPE, else by vendor, product and version (or range of versions) of their branches. A statement about a component of a product counts for the component. A document takes the place of its earlier version.',
  recognises: (head) =>
    /^\ufeff?\s*\{/.test(head) ? (/"csaf_version"\s*:\s*"2\./.test(head) ? 1 : /"product_tree"\s*:/.test(head) ? 0.9 : 0) : 0,
  async *read(pieces) {
    const read = Document.safeParse(await jsonDocument(pieces, MOST_CHARACTERS))
    const start = { line: 1, column: 1 }
    if (!read.success) {
      yield { kind: 'problem', problem: problem(start, 'bad_value', read.error.issues[0]?.path.map(String).join('.')) }
      return
    }
    yield* statementsOf(read.data)
  },
  examples: [
    {
      name: 'a fixed range by branches, a CPE that is not affected, a product that nothing tells',
      input: `{"document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "httpd", "publisher": {"category": "vendor", "name": "Acme", "namespace": "https://acme.example"}, "tracking": {"id": "ACME-2026-1", "version": "2", "current_release_date": "2026-01-02T00:00:00Z"}},
"product_tree": {"branches": [{"category": "vendor", "name": "Acme", "branches": [{"category": "product_name", "name": "Acme Shop", "branches": [
  {"category": "product_version_range", "name": "<2.1", "product": {"product_id": "P1", "name": "Acme Shop before 2.1"}},
  {"category": "product_version", "name": "2.1", "product": {"product_id": "P2", "name": "Acme Shop 2.1"}}]}]}],
 "full_product_names": [{"product_id": "P3", "name": "httpd", "product_identification_helper": {"cpe": "cpe:2.3:a:apache:http_server:2.4.49:*:*:*:*:*:*:*"}}]},
"vulnerabilities": [{"cve": "CVE-2026-1111", "title": "Injection", "scores": [{"products": ["P1"], "cvss_v3": {"baseScore": 9.1, "vectorString": "CVSS:3.1/AV:N"}}],
 "product_status": {"known_affected": ["P1"], "fixed": ["P2"], "known_not_affected": ["P3", "P9"]},
 "remediations": [{"category": "vendor_fix", "details": "Update to 2.1", "product_ids": ["P1"]}]}]}`,
      expect: [
        { kind: 'document', id: 'ACME-2026-1', publisher: 'Acme', version: '2026-01-02T00:00:00Z' },
        {
          kind: 'vulnerability',
          record: {
            cve: 'CVE-2026-1111',
            title: 'Injection',
            score: 9.1,
            severity: 'critical',
            source: 'ACME-2026-1',
            conditions: [],
          },
        },
        {
          kind: 'statement',
          statement: {
            cve: 'CVE-2026-1111',
            state: 'affected',
            product: 'Acme Shop before 2.1',
            remedy: 'Update to 2.1',
            criteria: [{ cpe: { vendor: 'acme', product: 'acme_shop' }, range: { endExcluding: '2.1' } }],
          },
        },
        {
          kind: 'statement',
          statement: { state: 'not_affected', criteria: [{ cpe: { product: 'http_server', version: '2.4.49' } }] },
        },
        { kind: 'problem', problem: { line: 1, column: 1, code: 'unknown_product', value: 'P9' } },
        {
          kind: 'statement',
          statement: { state: 'fixed', criteria: [{ range: { startIncluding: '2.1', endIncluding: '2.1' } }] },
        },
      ],
    },
  ],
})

interface Known {
  readonly name: string
  readonly criteria: readonly Criterion[]
}

function productsOf(tree: z.output<typeof Document>['product_tree']): Map<string, Known> {
  const known = new Map<string, Known>()
  const add = (
    { product_id, name, product_identification_helper: helper }: z.output<typeof Product>,
    path: readonly Branch[],
  ): void => {
    const last = (category: string): string => path.findLast((branch) => branch.category === category)?.name ?? ''
    const range = last('product_version_range')
    const exact = last('product_version')
    const ranges =
      range !== ''
        ? parseRanges(range)
        : exact !== ''
          ? [{ ...ALL_VERSIONS, startIncluding: exact, endIncluding: exact }]
          : [ALL_VERSIONS]
    const cpe = helper?.cpe === undefined ? null : parseCpe(helper.cpe)
    const base = cpe?.ok === true ? cpe.value : namedCpe(last('vendor'), last('product_name') || (path.length === 0 ? name : ''))
    if (base === null) return
    const criteria =
      base.version !== ANY || ranges === null
        ? ranges === null && base.version === ANY
          ? []
          : [criterionOf(base)]
        : ranges.map((one) => criterionOf(base, isOpen(one) ? ALL_VERSIONS : one))
    if (criteria.length > 0) known.set(product_id, { name: readLine(name, 500), criteria })
  }
  const walk = (branches: readonly Branch[] | undefined, path: readonly Branch[]): void => {
    if (path.length > MOST_DEPTH) return
    for (const branch of branches ?? []) {
      const here = [...path, branch]
      if (branch.product) add(branch.product, here)
      walk(branch.branches, here)
    }
  }
  walk(tree.branches, [])
  for (const product of tree.full_product_names ?? []) add(product, [])
  for (const { product_reference, full_product_name } of tree.relationships ?? []) {
    const part = known.get(product_reference)
    if (part) known.set(full_product_name.product_id, { name: readLine(full_product_name.name, 500), criteria: part.criteria })
  }
  return known
}

function namedCpe(vendor: string, product: string) {
  const known = cpeOfText(product, '')
  if (known !== null) return { ...known, version: ANY, update: ANY }
  const slug = slugOf(product)
  return slug === null ? null : cpeOf('a', slugOf(vendor) ?? '', slug)
}

function* statementsOf({
  document,
  product_tree,
  vulnerabilities,
}: z.output<typeof Document>): Generator<VulnerabilityItem, void> {
  const products = productsOf(product_tree)
  const { id, version, current_release_date: released } = document.tracking
  yield {
    kind: 'document',
    id,
    publisher: readLine(document.publisher.name || document.publisher.namespace, 200),
    version: released || version,
  }
  const start = { line: 1, column: 1 }
  const told = new Set<string>()
  for (const { cve, title, notes, scores, product_status, remediations } of vulnerabilities) {
    const id_ = Cve.safeParse(cve?.trim().toUpperCase())
    if (!id_.success) {
      if (cve !== undefined) yield { kind: 'problem', problem: problem(start, 'bad_cve', cve) }
      continue
    }
    const score = scores?.map(({ cvss_v3: v3, cvss_v2: v2 }) => v3 ?? v2).find((one) => one !== undefined)
    const text =
      title ?? notes?.find(({ category }) => category === 'summary' || category === 'description')?.text ?? document.title
    yield {
      kind: 'vulnerability',
      record: {
        cve: id_.data,
        title: readLine(text, 600),
        score: score?.baseScore ?? null,
        vector: readLine(score?.vectorString ?? '', 256),
        severity: score === undefined ? 'info' : severityOfScore(score.baseScore),
        modified: '',
        source: id,
        conditions: [],
      },
    }
    for (const [list, ids] of Object.entries(product_status)) {
      const state = STATES[list]
      if (state === undefined || ids === undefined) continue
      for (const productId of ids) {
        const product = products.get(productId)
        if (product === undefined) {
          if (told.size < 50 && !told.has(productId)) {
            told.add(productId)
            yield { kind: 'problem', problem: problem(start, 'unknown_product', productId) }
          }
          continue
        }
        const remedy = remediations?.find(({ product_ids: ids_ }) => ids_ === undefined || ids_.includes(productId))
        yield {
          kind: 'statement',
          statement: {
            cve: id_.data,
            state,
            criteria: product.criteria,
            product: product.name,
            remedy: (remedy?.details ?? '').slice(0, 2000),
          },
        }
      }
    }
  }
}
