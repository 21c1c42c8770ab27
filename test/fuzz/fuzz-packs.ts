/** Changed zip files and manifests through what reads packs: whatever comes in, a value comes out, and nothing that could lie elsewhere. */
import { createHash } from 'node:crypto'
import { join, relative } from 'node:path'
import { zipSync } from 'fflate'
import { MAX_UNPACKED } from '../../electron/engine/sigma/packs/limits.ts'
import { madeZip } from '../../electron/engine/sigma/packs/made-zip.ts'
import { MANIFEST, manifestText, readManifest } from '../../electron/engine/sigma/packs/manifest.ts'
import { Pace } from '../../electron/engine/sigma/packs/pace.ts'
import { filesOfArchive } from '../../electron/engine/sigma/packs/read-archive.ts'
import { writeZip } from '../../electron/engine/sigma/packs/write-zip.ts'
import { MAX_FILE } from '../../electron/engine/sigma/yaml-source.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { mutate, Random } from './random.ts'

export interface PackCounts {
  archives: number
  taken: number
  refused: number
  manifests: number
}

const RULE = Buffer.from('title: x\nlogsource:\n  product: p\ndetection:\n  s:\n    a: b\n  condition: s\n'.repeat(20))
const sum = createHash('sha256').update(RULE).digest('hex')
const MANIFEST_TEXT = manifestText({
  watchfloorPack: 1,
  name: 'x',
  description: '',
  author: '',
  license: '',
  made: { at: '2026-01-02T03:04:05Z', by: 'kim', version: '1' },
  lists: ['Admins'],
  logSources: ['windows'],
  files: [
    {
      path: 'rules/a.yml',
      sha256: sum,
      rules: [{ id: 'r', title: 't', kind: 'rule', from: { origin: 'own', name: '', modified: false } }],
    },
  ],
})
const NAMES = ['a.yml', 'rules/a.yml', '../x.yml', '/x.yml', 'c:\\x.yml', 'A.yml', 'a.yml/b.yml', 'nul.yml', 'x/', MANIFEST]

async function originals(): Promise<Uint8Array[]> {
  const files = [
    { name: MANIFEST, bytes: Buffer.from(MANIFEST_TEXT) },
    { name: 'rules/a.yml', bytes: RULE },
    { name: 'rules/규칙.yml', bytes: RULE },
  ]
  return [
    new Uint8Array(await writeZip(files, new Pace())),
    zipSync({ rules: { 'a.yml': RULE, 'b.yml': [RULE, { level: 0 }] }, 'README.md': RULE }, { comment: 'x' }),
    madeZip([
      { name: 'x/', method: 0, attributes: 0o040755 * 0x10000 },
      { name: 'x/a.yml', bytes: RULE, later: true },
      { name: 'x/b.yml', bytes: RULE, method: 0, comment: 'y' },
    ]),
  ]
}

/** Headers that are wrong in one place are what single changed bytes seldom reach behind. */
function madeWrong(random: Random): Uint8Array {
  const number = (): number => random.pick([0, 1, 8, 0x7f, 0xffff, 0xffffffff, random.below(2 ** 32)])
  const entry = () => ({
    name: random.pick(NAMES),
    bytes: RULE,
    ...(random.below(4) === 0 ? { size: number() } : {}),
    ...(random.below(4) === 0 ? { packedSize: random.below(RULE.length * 2) } : {}),
    ...(random.below(8) === 0 ? { crc: number() } : {}),
    ...(random.below(6) === 0 ? { method: random.pick([0, 8, 9, 12, 99]) } : {}),
    ...(random.below(6) === 0 ? { flags: number() & 0xffff } : {}),
    ...(random.below(6) === 0 ? { attributes: number() } : {}),
    ...(random.below(6) === 0 ? { offset: random.below(400) } : {}),
    ...(random.below(3) === 0 ? { later: true } : {}),
  })
  return madeZip(
    Array.from({ length: random.below(5) }, entry),
    random.below(6) === 0 ? { count: random.below(8), after: new Uint8Array(random.below(3)) } : {},
  )
}

/** Reads `count` changed archives; throws with the seed and the number of the one that goes wrong. */
export async function fuzzPacks(
  count: number,
  seed: number,
  progress?: (counts: Readonly<PackCounts>) => void,
): Promise<PackCounts> {
  const random = new Random(seed)
  const known = await originals()
  const counts: PackCounts = { archives: 0, taken: 0, refused: 0, manifests: 0 }
  const root = join('/', 'packs', 'x')
  for (; counts.archives < count; counts.archives++) {
    if (counts.archives % 5000 === 4999) progress?.(counts)
    const archive = random.below(3) === 0 ? madeWrong(random) : mutateBytes(random.pick(known), random, known)
    try {
      const found = await filesOfArchive(archive, sum, new Pace())
      if (!found.ok) {
        counts.refused++
        if (found.error.code !== 'invalid_input' || found.error.message === '')
          throw new Error(`refused with ${JSON.stringify(found.error)}`)
      } else {
        counts.taken++
        let bytes = 0
        for (const { name, bytes: content } of found.value.files) {
          const inside = relative(root, join(root, name))
          if (inside !== join(name) || inside.startsWith('..') || /[\\\p{Cc}]/u.test(name))
            throw new Error(`took ${JSON.stringify(name)}`)
          if (content.length > MAX_FILE) throw new Error(`${name} has ${content.length} bytes`)
          bytes += content.length
        }
        const keys = new Set(found.value.files.map(({ name }) => name.toLowerCase()))
        if (keys.size !== found.value.files.length) throw new Error('two files of one name')
        if (bytes > MAX_UNPACKED) throw new Error(`${bytes} bytes`)
        if (found.value.manifest !== null) readManifest(found.value.manifest)
      }
      const manifest = readManifest(Buffer.from(mutate(MANIFEST_TEXT, random, [MANIFEST_TEXT])))
      if (manifest.ok) {
        counts.manifests++
        const again = readManifest(Buffer.from(manifestText(manifest.value)))
        if (!again.ok) throw new Error(`is not read again: ${again.error.message}`)
      }
    } catch (error) {
      throw new Error(`seed ${seed}, archive ${counts.archives}: ${error instanceof Error ? error.stack : String(error)}`, {
        cause: error,
      })
    }
  }
  return counts
}
