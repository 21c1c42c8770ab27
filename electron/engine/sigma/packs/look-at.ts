/** A zip or folder read as a pack: what it says of itself, the files that would be taken, and the documents in them. */
import { basename, resolve } from 'node:path'
import { ok, type Result } from '../../../../shared/model/result.ts'
import { isPackName, MOST_PACK_RULES, type LeftOut, type PackPreview } from '../../../../shared/pack-contract.ts'
import { parseRules } from '../parse-rules.ts'
import type { ReadRule } from '../read-rule.ts'
import { splitDocuments } from '../yaml-source.ts'
import { readManifest, type Manifest } from './manifest.ts'
import type { Pace } from './pace.ts'
import { cancelled, sha256, type PackFile } from './pack-file.ts'
import { readPackFiles } from './read-pack.ts'
import { refuse } from './refusal.ts'

export interface LookedAt {
  readonly path: string
  readonly name: string
  readonly sha256: string
  readonly manifest: Manifest | null
  /** As it lies in the pack. */
  readonly manifestBytes: Uint8Array | null
  /** Each with its documents. */
  readonly files: readonly (PackFile & { readonly documents: readonly ReadRule[] })[]
  readonly left: readonly LeftOut[]
  readonly disagree: PackPreview['disagree']
}

/** Errors: those of {@link readPackFiles}; `invalid_input` where `pack.json` is wrong or there are too many documents. */
export async function lookAt(path: string, pace: Pace, signal?: AbortSignal): Promise<Result<LookedAt>> {
  const found = await readPackFiles(path, pace, signal)
  if (!found.ok) return found
  const { manifest: manifestBytes, left: leftByName } = found.value
  const manifest = manifestBytes === null ? ok(null) : readManifest(manifestBytes)
  if (!manifest.ok) return manifest
  const said = manifest.value === null ? null : new Map(manifest.value.files.map((file) => [file.path, file.sha256]))
  const left: LeftOut[] = [...leftByName]
  const disagree: PackPreview['disagree'] = []
  const taken: PackFile[] = []
  for (const file of found.value.files) {
    await pace.rest()
    const sum = said?.get(file.name)
    if (said !== null && sum === undefined) left.push({ file: file.name, why: 'unlisted' })
    else {
      taken.push(file)
      if (sum !== undefined && sum !== sha256(file.bytes)) disagree.push({ file: file.name, how: 'differs' })
    }
  }
  if (said !== null) {
    const there = new Set(taken.map(({ name }) => name))
    for (const name of said.keys()) if (!there.has(name)) disagree.push({ file: name, how: 'missing' })
  }
  const texts: { readonly file: string; readonly folder: string; readonly text: string }[] = []
  let documents = 0
  for (const { name, bytes } of taken) {
    await pace.rest()
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    documents += splitDocuments(text).length
    if (documents > MOST_PACK_RULES) return refuse(name, `more than ${MOST_PACK_RULES} rules in all`)
    texts.push({ file: name, folder: '', text })
  }
  if (signal?.aborted === true) return cancelled()
  const read = await parseRules(texts)
  const files: (PackFile & { readonly documents: readonly ReadRule[] })[] = []
  for (const [i, file] of taken.entries()) {
    const meant = (read[i] ?? []).filter(isMeant)
    if (meant.length === 0 && said === null) left.push({ file: file.name, why: 'no_rule' })
    else files.push({ ...file, documents: meant })
  }
  left.sort((a, b) => (a.file < b.file ? -1 : 1))
  return ok({
    path: resolve(path),
    name: manifest.value?.name ?? nameOf(path),
    sha256: found.value.sha256,
    manifest: manifest.value,
    manifestBytes,
    files,
    left,
    disagree,
  })
}

/** A rule, scenario or filter, or what should have been one. */
const isMeant = ({ rule, scenario, filter, problems }: ReadRule): boolean =>
  rule !== null || scenario !== null || filter !== null || problems.some(({ fatal }) => fatal)

/** Of a pack that does not name itself. */
export function nameOf(path: string): string {
  const name = basename(resolve(path))
    .replace(/\.zip$/i, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M} ._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 64)
    .replace(/[^\p{L}\p{N}\p{M}_-]+$/u, '')
  return isPackName(name) ? name : 'pack'
}
