/** A folder → its rule files. Links are not followed, wherever they lead. */
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ok, type Result } from '../../../../shared/model/result.ts'
import type { LeftOut } from '../../../../shared/pack-contract.ts'
import { MAX_FILE } from '../yaml-source.ts'
import { isHidden, TakenNames, wrongName } from './entry-name.ts'
import { MAX_DEPTH, MAX_MANIFEST, MAX_UNPACKED, MOST_ENTRIES } from './limits.ts'
import { MANIFEST } from './manifest.ts'
import type { Pace } from './pace.ts'
import { cancelled, type PackFile, type PackFiles, sumOf } from './pack-file.ts'
import { refuse } from './refusal.ts'
import { leftOutByName } from './take-file.ts'

/** Said by the desk of a pack it has imported; no part of the pack. */
export const PROVENANCE = 'provenance.json'

/** What was a file a moment ago may be a link or a pipe by now. */
const READ_FILE_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Rejects with an error of the file system. */
export async function readFolder(folder: string, pace: Pace, signal?: AbortSignal): Promise<Result<PackFiles>> {
  const files: PackFile[] = []
  const left: LeftOut[] = []
  const names = new TakenNames()
  let manifest: Uint8Array | null = null
  let room = MAX_UNPACKED
  let entries = 0
  const waiting: { readonly name: string; readonly depth: number }[] = [{ name: '', depth: 0 }]
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    for (const entry of await readdir(join(folder, inner.name), { withFileTypes: true })) {
      await pace.rest()
      if (signal?.aborted === true) return cancelled()
      if (++entries > MOST_ENTRIES) return refuse(folder, `more than ${MOST_ENTRIES} entries`)
      const name = inner.name === '' ? entry.name : `${inner.name}/${entry.name}`
      if (isHidden(name)) {
        left.push({ file: name, why: 'hidden' })
        continue
      }
      if (entry.isDirectory()) {
        if (inner.depth >= MAX_DEPTH) return refuse(name, `more than ${MAX_DEPTH} folders in each other`)
        waiting.push({ name, depth: inner.depth + 1 })
        continue
      }
      if (entry.isSymbolicLink()) {
        left.push({ file: name, why: 'link' })
        continue
      }
      if (name === PROVENANCE) continue
      const isManifest = name === MANIFEST
      const why = isManifest ? null : !entry.isFile() ? 'no_rule_file' : leftOutByName(name)
      if (why !== null) {
        left.push({ file: name, why })
        continue
      }
      const wrong = wrongName(name) ?? names.add(name)
      if (wrong !== null) return refuse(name, wrong)
      const bytes = await readBytes(join(folder, name), name, isManifest ? MAX_MANIFEST : MAX_FILE)
      if (!bytes.ok) return bytes
      room -= bytes.value.length
      if (room < 0) return refuse(name, `more than ${MAX_UNPACKED} bytes in all`)
      if (isManifest) manifest = bytes.value
      else files.push({ name, bytes: bytes.value })
    }
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  const sha256 = await sumOf(manifest === null ? files : [...files, { name: MANIFEST, bytes: manifest }], pace)
  return ok({ files, manifest, left, sha256 })
}

async function readBytes(path: string, name: string, limit: number): Promise<Result<Uint8Array>> {
  const file = await open(path, READ_FILE_ONLY)
  try {
    const info = await file.stat()
    if (!info.isFile()) return refuse(name, 'is no file')
    if (info.size > limit) return refuse(name, `is longer than ${limit} bytes`)
    const bytes = await file.readFile()
    return bytes.length > limit ? refuse(name, `is longer than ${limit} bytes`) : ok(bytes)
  } finally {
    await file.close()
  }
}
