/** `provenance.json` of an imported pack: where it came from, what was in it, and what was there before it. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { IsoTime } from '../../../../shared/model/time.ts'
import {
  FormerImport,
  PackAuthor,
  PackDescription,
  PackLicense,
  PackMade,
  PackName,
  Sha256,
} from '../../../../shared/pack-contract.ts'
import { MAX_MANIFEST, MOST_ENTRIES } from './limits.ts'
import { PROVENANCE } from './read-folder.ts'

/** Former imports that are kept. */
export const MOST_BEFORE = 50

export const Provenance = z.object({
  watchfloorProvenance: z.literal(1),
  name: PackName,
  description: PackDescription,
  author: PackAuthor,
  license: PackLicense,
  /** Path of the zip or folder. */
  from: z.string().max(4096),
  sha256: Sha256,
  imported: IsoTime,
  by: z.string().max(200),
  made: PackMade.nullable(),
  /** As they were imported. */
  files: z.array(z.object({ path: z.string().max(1024), sha256: Sha256 })).max(MOST_ENTRIES),
  before: z.array(FormerImport).max(MOST_BEFORE),
})
export type Provenance = z.infer<typeof Provenance>

/** Null where there is none that can be read. */
export async function readProvenance(folder: string): Promise<Provenance | null> {
  try {
    const file = join(folder, PROVENANCE)
    if ((await stat(file)).size > MAX_MANIFEST) return null
    const read = Provenance.safeParse(JSON.parse(await readFile(file, 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
