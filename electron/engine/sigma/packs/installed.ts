/** Packs that are there: what is said of them, and whether their files are still those that were imported. */
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { ChangedFile, Pack } from '../../../../shared/pack-contract.ts'
import type { FolderCount } from '../load-rules.ts'
import { isHidden, isRuleFile } from './entry-name.ts'
import { MAX_MANIFEST, MOST_ENTRIES, MOST_SAID } from './limits.ts'
import { Pace } from './pace.ts'
import { sha256 } from './pack-file.ts'
import { readProvenance, type Provenance } from './provenance.ts'

/** Sums of files by what the file system says of them, so that looking again reads only what changed. */
export class FileSums {
  #known = new Map<string, { readonly print: string; readonly sum: string }>()

  /** Null where there is no such file; '' of what is no plain file, or is too long for a pack. */
  async of(path: string): Promise<string | null> {
    const info = await lstat(path, { bigint: true }).catch(() => null)
    if (info === null) return null
    if (!info.isFile() || info.size > BigInt(MAX_MANIFEST)) return ''
    const print = `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`
    const known = this.#known.get(path)
    if (known?.print === print) return known.sum
    const bytes = await readFile(path).catch(() => null)
    if (bytes === null) return ''
    const sum = sha256(bytes)
    this.#known.set(path, { print, sum })
    return sum
  }

  /** Forgets files of packs that are gone. */
  keep(folders: readonly string[]): void {
    for (const path of this.#known.keys()) if (!folders.some((folder) => path.startsWith(folder + sep))) this.#known.delete(path)
  }
}

export async function installedPack(name: string, folder: string, count: FolderCount | undefined, sums: FileSums): Promise<Pack> {
  const provenance = await readProvenance(folder)
  return {
    id: name,
    name,
    folder,
    description: provenance?.description ?? '',
    author: provenance?.author ?? '',
    license: provenance?.license ?? '',
    rules: count?.rules ?? 0,
    failed: count?.failed ?? 0,
    from: provenance?.from ?? null,
    sha256: provenance?.sha256 ?? null,
    imported: provenance?.imported ?? null,
    by: provenance?.by ?? null,
    made: provenance?.made ?? null,
    changed: provenance === null ? [] : await changedFiles(folder, provenance, sums),
    before: provenance?.before ?? [],
  }
}

async function changedFiles(folder: string, { files }: Provenance, sums: FileSums): Promise<ChangedFile[]> {
  const pace = new Pace()
  const changed: ChangedFile[] = []
  for (const { path, sha256: sum } of files) {
    await pace.rest()
    const now = await sums.of(join(folder, path))
    if (now !== sum) changed.push({ file: path, how: now === null ? 'missing' : 'changed' })
  }
  const known = new Set(files.map(({ path }) => path))
  for (const file of await ruleFilesIn(folder)) if (!known.has(file)) changed.push({ file, how: 'added' })
  return changed.sort((a, b) => (a.file < b.file ? -1 : 1)).slice(0, MOST_SAID)
}

/** Paths below the folder, with `/`. */
async function ruleFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .slice(0, MOST_ENTRIES)
    .filter((entry) => !entry.isDirectory() && isRuleFile(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((name) => !isHidden(name))
}
