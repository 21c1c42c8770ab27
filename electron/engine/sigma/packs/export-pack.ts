/** Rules of the desk → files of a pack, with a manifest. Texts are the files' bytes as they were loaded. */
import { open } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { PackMade } from '../../../../shared/pack-contract.ts'
import { isMeant } from '../logsources/log-source.ts'
import { parseRules } from '../parse-rules.ts'
import type { ReadRule } from '../read-rule.ts'
import type { SigmaRule } from '../types.ts'
import { MAX_FILE } from '../yaml-source.ts'
import { rulesOf, type Desk, type DeskRules } from './desk-rules.ts'
import { isHidden, isRuleFile, nameKey, wrongName } from './entry-name.ts'
import { gather } from './gather.ts'
import { MAX_UNPACKED, MOST_ENTRIES } from './limits.ts'
import { MANIFEST, manifestText, type Manifest, type ManifestFile, type RuleOrigin } from './manifest.ts'
import type { Origins } from './origins.ts'
import type { Pace } from './pace.ts'
import { sha256, type PackFile } from './pack-file.ts'
import type { Provenance } from './provenance.ts'
import { refuse, refusedBySystem } from './refusal.ts'

export interface ExportAsked {
  readonly name: string
  readonly description: string
  readonly author: string
  readonly license: string
  readonly ids: readonly string[]
  readonly steps: boolean
}

export interface ExportedPack {
  readonly files: readonly PackFile[]
  readonly manifest: Manifest
  readonly rules: number
  readonly filters: number
  readonly brought: number
}

interface Source {
  readonly path: string
  readonly bytes: Uint8Array
  readonly sum: string
  readonly documents: readonly ReadRule[]
  /** Of the rules that are loaded from it. */
  readonly folder: string
}

/**
 * `provenance` gives that of a pack's folder. Errors: `not_found` for a rule that is not loaded or a file that is gone, `conflict` where a
 * file is not as it was loaded, `invalid_input` where it is too much for one pack.
 */
export async function exportPack(
  { ids, steps, ...said }: ExportAsked,
  made: PackMade,
  desk: Desk,
  origins: Origins,
  provenance: (folder: string) => Promise<Provenance | null>,
  pace: Pace,
): Promise<Result<ExportedPack>> {
  const rules = rulesOf(desk)
  const gathered = gather(ids, steps, rules)
  if (!gathered.ok) return gathered
  if (gathered.value.files.length >= MOST_ENTRIES) return refuse('', `more than ${MOST_ENTRIES - 1} files`)
  const sources = await readSources(gathered.value.files, rules, pace)
  if (!sources.ok) return sources
  const files: PackFile[] = []
  const listed: ManifestFile[] = []
  for (const { name, source } of named(sources.value)) {
    await pace.rest()
    files.push({ name, bytes: source.bytes })
    const origin = origins.of(source.folder)
    const from = origin.origin === 'pack' ? await provenance(source.folder) : null
    const inside = relative(source.folder, source.path).replaceAll(sep, '/')
    const changed = from !== null && from.files.find(({ path }) => path === inside)?.sha256 !== source.sum
    const fromOf = (id: string): RuleOrigin => ({
      origin: origin.origin,
      name: origin.name.slice(0, 256),
      modified: changed || (origin.origin === 'own' && desk.shipped(id) !== null),
    })
    listed.push({
      path: name,
      sha256: source.sum,
      rules: source.documents.flatMap(({ rule, scenario, filter }) => {
        const one = rule ?? scenario ?? filter
        const kind = rule !== null ? 'rule' : scenario !== null ? 'scenario' : 'filter'
        return one === null ? [] : [{ id: one.id, title: one.title, kind, from: fromOf(one.id) } as const]
      }),
    })
  }
  const documents = sources.value.flatMap((source) => source.documents)
  const manifest: Manifest = {
    watchfloorPack: 1,
    ...said,
    made,
    lists: [...new Set(documents.flatMap(({ rule, filter }) => [...(rule?.lists ?? []), ...(filter?.lists ?? [])]))].sort(),
    logSources: logSourcesOf(
      documents.flatMap(({ rule }) => rule ?? []),
      rules,
    ),
    files: listed,
  }
  return ok({
    files: [{ name: MANIFEST, bytes: Buffer.from(manifestText(manifest)) }, ...files],
    manifest,
    rules: documents.filter(({ rule, scenario }) => rule !== null || scenario !== null).length,
    filters: documents.filter(({ filter }) => filter !== null).length,
    brought: gathered.value.brought,
  })
}

async function readSources(paths: readonly string[], rules: DeskRules, pace: Pace): Promise<Result<Source[]>> {
  const read: { readonly path: string; readonly bytes: Uint8Array }[] = []
  let room = MAX_UNPACKED
  for (const path of paths) {
    await pace.rest()
    const bytes = await readFileOf(path)
    if (!bytes.ok) return bytes
    room -= bytes.value.length
    if (room < 0) return refuse(path, `more than ${MAX_UNPACKED} bytes in all`)
    read.push({ path, bytes: bytes.value })
  }
  const loaded = new Map<string, { readonly id: string; readonly text: string; readonly folder: string }[]>()
  for (const one of [...rules.rules, ...rules.scenarios, ...rules.filters]) {
    const beside = loaded.get(one.file)
    if (beside === undefined) loaded.set(one.file, [one])
    else beside.push(one)
  }
  const parsed = await parseRules(
    read.map(({ path, bytes }) => ({
      file: path,
      folder: '',
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    })),
  )
  const sources: Source[] = []
  for (const [i, { path, bytes }] of read.entries()) {
    await pace.rest()
    const documents = parsed[i] ?? []
    const texts = new Map(
      documents.flatMap(({ rule, scenario, filter }) => rule ?? scenario ?? filter ?? []).map((one) => [one.id, one.text]),
    )
    const meant = loaded.get(path) ?? []
    const other = meant.find(({ id, text }) => texts.get(id) !== text)
    if (other !== undefined)
      return fail({ code: 'conflict', message: `${path} changed since it was loaded (${other.id}); try again in a moment` })
    sources.push({ path, bytes, sum: sha256(bytes), documents, folder: meant[0]?.folder ?? '' })
  }
  return ok(sources)
}

async function readFileOf(path: string): Promise<Result<Uint8Array>> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > MAX_FILE) return refuse(path, `is longer than ${MAX_FILE} bytes`)
      return ok(await file.readFile())
    } finally {
      await file.close()
    }
  } catch (error) {
    return refusedBySystem(error, path)
  }
}

const FOLDER = 'rules'

/** Names in the pack: those of the files, made different where two have one. They depend on names and bytes alone, not on where files lie. */
function named(sources: readonly Source[]): { readonly name: string; readonly source: Source }[] {
  const taken = new Set<string>()
  return [...sources]
    .map((source) => ({ base: safe(basename(source.path)), source }))
    .sort((a, b) => compare(nameKey(a.base), nameKey(b.base)) || compare(a.base, b.base) || compare(a.source.sum, b.source.sum))
    .map(({ base, source }) => {
      const dot = base.lastIndexOf('.')
      let name = base
      for (let n = 2; taken.has(nameKey(name)); n++) name = `${base.slice(0, dot)}-${n}${base.slice(dot)}`
      taken.add(nameKey(name))
      return { name: `${FOLDER}/${name}`, source }
    })
    .sort((a, b) => compare(a.name, b.name))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A name that a pack may have; of a file whose name it may not, one that begins as it does. */
function safe(name: string): string {
  const is = (one: string): boolean =>
    wrongName(join(FOLDER, one).replaceAll(sep, '/')) === null && isRuleFile(one) && !isHidden(one)
  if (is(name)) return name
  const plain = `${name
    .replace(/\.ya?ml$/i, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .slice(0, 100)}_.yml`
  return is(plain) ? plain : 'rule.yml'
}

/** Ids of the log sources that rules mean. */
function logSourcesOf(rules: readonly SigmaRule[], desk: DeskRules): string[] {
  const meant = new Map(rules.map(({ logsource }) => [JSON.stringify(logsource), logsource]))
  return desk.logSources.entries
    .filter(({ definition }) =>
      definition?.sources.some(({ names }) => names.some((name) => [...meant.values()].some((one) => isMeant(one, name)))),
    )
    .map(({ id }) => id)
    .sort()
    .slice(0, 1000)
}
