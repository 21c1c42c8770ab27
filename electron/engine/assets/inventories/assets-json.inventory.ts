import { z } from 'zod'
import { Contact, Criticality, ServiceTransport } from '../../../../shared/model/asset.ts'
import { parseCpe } from '../cpe/cpe-name.ts'
import { jsonItems } from '../reading/json-items.ts'
import { problem } from '../reading/row.ts'
import { readAddress, readNetwork } from '../reading/values.ts'
import { defineInventory, type InventoryItem } from './define.ts'

const line = (most: number) => z.string().max(most)
const named = (most: number) => z.string().max(most).trim().min(1)
const address = line(64).transform((text, context) => readAddress(text) ?? (context.addIssue('bad_address'), z.NEVER))
const network = line(64).transform((text, context) => readNetwork(text) ?? (context.addIssue('bad_network'), z.NEVER))
const Service = z.object({
  port: z.number().int().min(0).max(65535).nullable().default(null),
  transport: ServiceTransport.default('tcp'),
  name: line(64).default(''),
  product: line(256).default(''),
  version: line(128).default(''),
  cpe: line(1024)
    .refine((text) => parseCpe(text).ok, 'bad_cpe')
    .nullable()
    .default(null),
})
const Given = z
  .object({
    id: line(64).min(1),
    customer: named(200),
    name: named(253),
    otherNames: z.array(named(253)).max(64),
    addresses: z.array(address).max(256),
    networks: z.array(network).max(256),
    criticality: Criticality,
    owner: line(200),
    zone: line(200),
    os: line(256),
    note: line(4000),
    services: z.array(Service).max(512),
  })
  .partial()
  .refine(({ id, name, addresses }) => id !== undefined || name !== undefined || (addresses?.length ?? 0) > 0, 'no_name')
const GivenCustomer = z.object({
  id: line(64).min(1).optional(),
  name: named(200),
  contacts: z.array(Contact).max(50).default([]),
  note: line(4000).default(''),
})
const NAMES = new Set(['assets', 'customers'])
const OWN_CODES = new Set(['bad_address', 'bad_network', 'bad_cpe', 'no_name'])

export default defineInventory({
  id: 'assets-json',
  title: 'Assets (JSON)',
  spec: 'https://www.rfc-editor.org/rfc/rfc8259',
  doc: 'An object `{"watchfloorAssets": 1, "customers": [...], "assets": [...]}`. An asset has the members `name`, `customer` (name or id), `otherNames`, `addresses`, `networks`, `criticality`, `owner`, `zone`, `os`, `note`, `services` (`port`, `transport`, `name`, `product`, `version`, `cpe`) and `id`, of which only a name or an address is needed. A customer has `name`, `contacts` (`name`, `email`, `language`) and `note`. Customers stand before the assets that name them.',
  recognises: (head) =>
    /^\ufeff?\s*\{/.test(head)
      ? /"watchfloorAssets"\s*:\s*1/.test(head)
        ? 1
        : /^\ufeff?\s*\{\s*"(?:assets|customers)"\s*:\s*\[/.test(head)
          ? 0.7
          : 0
      : 0,
  async *read(pieces) {
    for await (const element of jsonItems(pieces, NAMES)) {
      if (element.kind === 'problem') {
        yield element
        continue
      }
      const { name, value, place } = element
      if (name === 'customers') {
        const read = GivenCustomer.safeParse(value)
        yield read.success ? { kind: 'customer', place, customer: read.data } : wrong(read.error, place)
      } else {
        const read = Given.safeParse(value)
        yield read.success ? { kind: 'asset', place, asset: read.data } : wrong(read.error, place)
      }
    }
  },
  examples: [
    {
      name: 'a customer, an asset of it, and one that is wrong',
      input: `{"watchfloorAssets": 1,
 "customers": [{"name": "Hanbit Shop", "contacts": [{"name": "Kim", "email": "kim@shop.example", "language": "ko"}]}],
 "assets": [
  {"name": "mail-01", "customer": "Hanbit Shop", "addresses": ["192.0.2.25"], "services": [{"port": 25, "name": "smtp"}]},
  {"name": "x", "addresses": ["192.0.2"]},
  {"owner": "nobody"}
 ]}`,
      expect: [
        {
          kind: 'customer',
          customer: { name: 'Hanbit Shop', contacts: [{ name: 'Kim', email: 'kim@shop.example', language: 'ko' }], note: '' },
        },
        {
          kind: 'asset',
          asset: {
            name: 'mail-01',
            customer: 'Hanbit Shop',
            addresses: ['192.0.2.25'],
            services: [{ port: 25, transport: 'tcp', name: 'smtp', product: '', version: '', cpe: null }],
          },
        },
        { kind: 'problem', problem: { line: 5, column: 3, code: 'bad_address', value: 'addresses.0' } },
        { kind: 'problem', problem: { line: 6, column: 3, code: 'no_name', value: '' } },
      ],
    },
  ],
})

function wrong(error: z.ZodError, place: { readonly line: number; readonly column: number }): InventoryItem {
  const issue = error.issues[0]
  const path = issue?.path.map(String).join('.') ?? ''
  const code = issue && OWN_CODES.has(issue.message) ? (issue.message as 'bad_address') : 'bad_value'
  return { kind: 'problem', problem: problem(place, code, path) }
}
