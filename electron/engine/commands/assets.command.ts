import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RowProblem } from '../../../shared/model/asset.ts'
import { Assets } from '../assets/assets.ts'
import { importAssets } from '../assets/import-assets.ts'
import { defaultDataDir } from '../data-dir.ts'
import { openStoreWith } from '../store/client.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

const WRONG: Readonly<Record<RowProblem['code'], string>> = {
  bad_json: 'not valid JSON',
  bad_xml: 'not well formed XML',
  bad_csv: 'not readable as separated values',
  bad_value: 'a value that cannot be',
  bad_address: 'no IP address',
  bad_network: 'no network in CIDR notation',
  bad_port: 'no port',
  bad_cve: 'no CVE id',
  bad_cpe: 'no CPE name',
  no_name: 'neither a name nor an address',
  no_host: 'no host',
  too_long: 'too long',
  many_values: 'too many values',
  too_deep: 'nested too deep',
  refused_dtd: 'a document type with declarations, which is not read',
  ends_early: 'the file ends early',
  unknown_product: 'a product of which the document says nothing that could be looked for',
}
const REFUSED = {
  not_found: 'there is no such file',
  unreadable: 'cannot be read',
  not_recognised: 'is no inventory and no vulnerability data that is known',
  cancelled: 'stopped',
} as const

export default defineCommand({
  name: 'assets',
  usage: 'import <file>... --data <dir> [--customer <name>] | list --json --data <dir>',
  summary:
    'Imports assets (CSV, JSON, Nmap XML, scanner CSV) and vulnerability data (NVD, CSAF and VEX, CISA KEV, EPSS), each recognised by its content; lists the assets with their weaknesses.',
  options: {
    data: { type: 'string', value: '<dir>', doc: 'data folder; made where it is missing' },
    customer: { type: 'string', value: '<name>', doc: 'customer of imported assets that name none' },
    json: { type: 'boolean', doc: 'as JSON, one object a line' },
  },
  async run(input) {
    const [action, ...paths] = input.positionals
    if (action !== 'import' && action !== 'list') throw new UsageError('say import or list')
    if (action === 'import' && paths.length === 0) throw new UsageError('name at least one file')
    const dataDir = resolve(input.text('data') ?? defaultDataDir())
    mkdirSync(dataDir, { recursive: true })
    const opened = await openStoreWith(dataDir, { readAtOnce: false })
    if (!opened.ok) {
      talk(opened.error.message)
      return 1
    }
    const assets = new Assets(opened.value, dataDir)
    try {
      await assets.start()
      return await (action === 'import' ? imports(assets, paths, input) : lists(assets, input.flag('json')))
    } finally {
      await assets.close()
      await opened.value.close()
    }
  },
})

async function imports(
  assets: Assets,
  paths: readonly string[],
  input: { text(name: string): string | undefined; flag(name: string): boolean; readonly signal: AbortSignal },
): Promise<number> {
  const name = input.text('customer')
  let customer: string | null = null
  if (name !== undefined) {
    const known = assets.customerNamed(name)
    const made = known
      ? { ok: true as const, value: known }
      : await assets.saveCustomer({ id: null, name, contacts: [], note: '' })
    if (!made.ok) {
      talk(made.error.message)
      return 1
    }
    customer = made.value.id
  }
  let told = 0
  const done = await importAssets(
    assets,
    { paths: paths.map((path) => resolve(path)), customer },
    ({ file, bytes, of, rows }) => {
      if (Date.now() - told < 5000) return
      told = Date.now()
      talk(`${file}: ${rows} rows, ${of > 0 ? Math.floor((bytes / of) * 100) : 100} %`)
    },
    input.signal,
  )
  if (!done.ok) {
    talk(done.error.message)
    return 1
  }
  let fine = true
  for (const file of done.value.files) {
    if (input.flag('json')) await out(JSON.stringify(file))
    const { path, format, rows, added, changed, wrong, problems, refused } = file
    if (refused !== null) talk(`${path}: ${REFUSED[refused]}`)
    else if (!input.flag('json'))
      await out(`${path}: ${format ?? ''}, ${rows} rows, ${added} added, ${changed} changed, ${wrong} wrong`)
    for (const { line, column, code, value } of problems)
      talk(`${path}:${line}:${column}: ${WRONG[code]}${value === '' ? '' : ` (${value})`}`)
    fine &&= refused === null
  }
  return fine ? 0 : 1
}

async function lists(assets: Assets, json: boolean): Promise<number> {
  await assets.weak.settled()
  for (const asset of assets.directory.all()) {
    const customer = assets.customerOf(asset)
    const weaknesses = assets.weaknessesOf(asset.id)
    if (json) await out(JSON.stringify({ ...asset, customer: customer?.name ?? null, weaknesses }))
    else {
      const standing = weaknesses.filter(({ state }) => state === 'affected')
      const addresses = [...asset.addresses, ...asset.networks, ...asset.seen.addresses].join(' ')
      await out(
        `${asset.name}\t${addresses}\t${customer?.name ?? '-'}\t${asset.criticality}\t${asset.observed ? 'observed' : 'registered'}\t${asset.services.length} services\t${standing.length} weaknesses, ${standing.filter(({ exploited }) => exploited !== null).length} known exploited`,
      )
    }
  }
  return 0
}
