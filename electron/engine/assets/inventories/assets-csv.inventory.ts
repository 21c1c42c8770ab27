import { CRITICALITIES, type Criticality } from '../../../../shared/model/asset.ts'
import { parseCpe } from '../cpe/cpe-name.ts'
import { columnKey, csvRows, separatorOf, type CsvRow } from '../reading/csv-rows.ts'
import { problem, type Place } from '../reading/row.ts'
import { readAddress, readLine, readNetwork, readPort, readTransport } from '../reading/values.ts'
import { defineInventory, type GivenAsset, type GivenService, type InventoryItem } from './define.ts'

const COLUMNS = [
  'id',
  'customer',
  'name',
  'othernames',
  'addresses',
  'networks',
  'criticality',
  'owner',
  'zone',
  'os',
  'note',
  'services',
] as const
type Column = (typeof COLUMNS)[number]
const isColumn = (key: string): key is Column => (COLUMNS as readonly string[]).includes(key)

class WrongValue {
  readonly item: InventoryItem
  constructor(place: Place, code: Parameters<typeof problem>[1], value: string) {
    this.item = { kind: 'problem', problem: problem(place, code, value) }
  }
}

export default defineInventory({
  id: 'assets-csv',
  title: 'Assets (CSV)',
  spec: 'https://www.rfc-editor.org/rfc/rfc4180',
  doc: 'A row for each asset. Columns: `name`, `customer`, `other names`, `addresses`, `networks`, `criticality` (low, medium, high, critical), `owner`, `zone`, `os`, `note`, `services`, `id`; any order, only those that are there. Several values of one cell are separated by `;`. A service is `port/transport|name|product|version|cpe`, of which the end may be left out. A row with an id, or with the name or an address of an asset that is known, changes that one.',
  recognises(head) {
    const keys = (head.split(/\r?\n/, 1)[0] ?? '').split(separatorOf(head)).map(columnKey)
    const known = keys.filter(isColumn)
    if (!known.includes('name') && !known.includes('addresses')) return 0
    if (keys.includes('cve') || keys.includes('cves')) return 0
    return known.length >= 2 ? 0.6 + 0.4 * (known.length / keys.length) : 0
  },
  async *read(pieces, head) {
    let columns: (Column | null)[] | null = null
    for await (const row of csvRows(pieces, separatorOf(head))) {
      if (row.kind === 'problem') yield row
      else if (columns === null)
        columns = row.fields.map((field) => {
          const key = columnKey(field.replace(/^\ufeff/, ''))
          return isColumn(key) ? key : null
        })
      else yield assetOf(row, columns)
    }
  },
  examples: [
    {
      name: 'columns in any order, several addresses, services',
      input:
        'name,addresses,customer,criticality,services,comment\n' +
        'shop-web-01,"192.0.2.10; 2001:DB8:0:0::10",Hanbit Shop,high,"443/tcp|https|nginx|1.18.0;22|ssh|OpenSSH|8.9p1",first\n' +
        '"db, main",192.0.2.300,,,,\n',
      expect: [
        {
          kind: 'asset',
          asset: {
            name: 'shop-web-01',
            customer: 'Hanbit Shop',
            addresses: ['192.0.2.10', '2001:db8::10'],
            criticality: 'high',
            services: [
              { port: 443, transport: 'tcp', name: 'https', product: 'nginx', version: '1.18.0', cpe: null },
              { port: 22, transport: 'tcp', name: 'ssh', product: 'OpenSSH', version: '8.9p1', cpe: null },
            ],
          },
        },
        { kind: 'problem', problem: { line: 3, column: 12, code: 'bad_address', value: '192.0.2.300' } },
      ],
    },
    {
      name: 'semicolons between columns, a network',
      input: 'name;networks;zone\r\nfactory;10.20.0.0/16;OT\r\n;10.1.0.0/33;\r\n',
      expect: [
        { kind: 'asset', asset: { name: 'factory', networks: ['10.20.0.0/16'], zone: 'OT' } },
        { kind: 'problem', problem: { line: 3, column: 2, code: 'bad_network', value: '10.1.0.0/33' } },
      ],
    },
  ],
})

function assetOf(row: CsvRow, columns: readonly (Column | null)[]): InventoryItem {
  const place = row.places[0] ?? { line: 0, column: 0 }
  const texts = new Map<Column, { readonly text: string; readonly place: Place }>()
  for (const [i, column] of columns.entries()) {
    const text = row.fields[i]?.trim() ?? ''
    if (column !== null && text !== '') texts.set(column, { text, place: row.places[i] ?? place })
  }
  const line = (column: Column, most: number): string | undefined => {
    const found = texts.get(column)
    const text = found === undefined ? '' : readLine(found.text, most)
    return text === '' ? undefined : text
  }
  const list = <T>(column: Column, read: (part: string, at: Place) => T): T[] | undefined => {
    const found = texts.get(column)
    return found?.text
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => read(part, found.place))
  }
  const wanted = (code: Parameters<typeof problem>[1], read: (text: string) => string | null) => (part: string, at: Place) => {
    const value = read(part)
    if (value === null) throw new WrongValue(at, code, part)
    return value
  }
  try {
    const asset: GivenAsset = {
      id: line('id', 64),
      customer: line('customer', 200),
      name: line('name', 253),
      otherNames: list('othernames', (part) => readLine(part, 253))?.filter((name) => name !== ''),
      addresses: list('addresses', wanted('bad_address', readAddress)),
      networks: list('networks', wanted('bad_network', readNetwork)),
      criticality: criticality(texts.get('criticality')),
      owner: line('owner', 200),
      zone: line('zone', 200),
      os: line('os', 256),
      note: texts.get('note')?.text.slice(0, 4000),
      services: list('services', serviceOf),
    }
    if (asset.name === undefined && asset.addresses === undefined && asset.id === undefined)
      return { kind: 'problem', problem: problem(place, 'no_name') }
    if ((asset.addresses?.length ?? 0) > 256 || (asset.services?.length ?? 0) > 512 || (asset.otherNames?.length ?? 0) > 64)
      return { kind: 'problem', problem: problem(place, 'many_values') }
    return { kind: 'asset', place, asset }
  } catch (error) {
    if (error instanceof WrongValue) return error.item
    throw error
  }
}

function criticality(found: { readonly text: string; readonly place: Place } | undefined): Criticality | undefined {
  if (found === undefined) return undefined
  const word = CRITICALITIES.find((one) => one === found.text.toLowerCase())
  if (word === undefined) throw new WrongValue(found.place, 'bad_value', found.text)
  return word
}

function serviceOf(text: string, place: Place): GivenService {
  const [where = '', name = '', product = '', version = '', cpe = ''] = text.split('|').map((part) => part.trim())
  const [number = '', transport = 'tcp'] = where.split('/')
  const port = number === '' || number === '-' ? null : readPort(number)
  if (port === null && number !== '' && number !== '-') throw new WrongValue(place, 'bad_port', where)
  if (cpe !== '' && !parseCpe(cpe).ok) throw new WrongValue(place, 'bad_cpe', cpe)
  return {
    port,
    transport: readTransport(transport),
    name: readLine(name, 64),
    product: readLine(product, 256),
    version: readLine(version, 128),
    cpe: cpe === '' ? null : cpe,
  }
}
