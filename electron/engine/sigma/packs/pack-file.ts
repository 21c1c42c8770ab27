/** Files of a pack, and sums over them. */
import { createHash } from 'node:crypto'
import { fail } from '../../../../shared/model/result.ts'
import type { LeftOut } from '../../../../shared/pack-contract.ts'
import type { Pace } from './pace.ts'

export interface PackFile {
  /** Its path in the pack, with `/`. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface PackFiles {
  /** Rule files, in order of names. */
  readonly files: readonly PackFile[]
  readonly manifest: Uint8Array | null
  readonly left: readonly LeftOut[]
  /** Of the zip's bytes, or of the sums of a folder's files. */
  readonly sha256: string
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** One sum over files: of lines `sum  name`, in order of names. */
export async function sumOf(files: readonly PackFile[], pace: Pace): Promise<string> {
  const all = createHash('sha256')
  for (const { name, bytes } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    await pace.rest()
    all.update(`${sha256(bytes)}  ${name}\n`)
  }
  return all.digest('hex')
}

export const cancelled = () => fail({ code: 'cancelled' as const, message: 'It was cancelled' })
