/** Rule packs of a desk: looked at, imported, replaced, removed, exported. One thing after the other. */
import { resolve, sep } from 'node:path'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { FormerImport, Pack, PackPreview } from '../../../../shared/pack-contract.ts'
import { VERSION } from '../../version.ts'
import { rulesOf, type Desk } from './desk-rules.ts'
import { exportPack, type ExportAsked } from './export-pack.ts'
import { FileSums, installedPack } from './installed.ts'
import { lookAt, type LookedAt } from './look-at.ts'
import { MANIFEST } from './manifest.ts'
import { Origins } from './origins.ts'
import { Pace } from './pace.ts'
import { sha256, type PackFile } from './pack-file.ts'
import { PackPlaces } from './place-pack.ts'
import { previewOf } from './preview.ts'
import { MOST_BEFORE, readProvenance, type Provenance } from './provenance.ts'
import { PROVENANCE } from './read-folder.ts'
import { refuse, refusedBySystem } from './refusal.ts'
import { writeExport } from './write-export.ts'

export interface PacksOptions {
  readonly places: PackPlaces
  readonly desk: Desk
  /** Folders of the desk's own rules and of those that are shipped. */
  readonly own: string
  readonly builtin: string
}

export interface Exported {
  readonly path: string
  readonly bytes: number
  readonly files: number
  readonly rules: number
  readonly steps: number
  readonly filters: number
  readonly lists: string[]
}

export class Packs {
  readonly #places: PackPlaces
  readonly #desk: Desk
  readonly #origins: Origins
  readonly #sums = new FileSums()
  #last: Promise<unknown> = Promise.resolve()

  constructor({ places, desk, own, builtin }: PacksOptions) {
    this.#places = places
    this.#desk = desk
    this.#origins = new Origins({ own, builtin, packs: places.folder })
  }

  /** In order of names. */
  list(): Promise<Pack[]> {
    return this.#inTurn(async () => {
      const counts = new Map(this.#desk.known.folders.map((count) => [count.path, count]))
      const packs: Pack[] = []
      for (const name of await this.#places.names()) {
        const folder = resolve(this.#places.path(name))
        packs.push(await installedPack(name, folder, counts.get(folder), this.#sums))
      }
      this.#sums.keep(packs.map(({ folder }) => folder))
      return packs
    })
  }

  /** What a zip or folder would bring. Errors: those of {@link lookAt}. */
  read(path: string, signal?: AbortSignal): Promise<Result<PackPreview>> {
    return this.#inTurn(async () => {
      const pace = new Pace()
      const looked = await lookAt(path, pace, signal)
      if (!looked.ok) return looked
      const old = await this.#places.find(looked.value.name)
      const preview = await previewOf(looked.value, rulesOf(this.#desk), this.#origins, old, pace)
      const was = old === null ? null : await readProvenance(this.#places.path(old))
      return ok({
        ...preview,
        replaces: old === null ? null : { id: old, sha256: was?.sha256 ?? null, imported: was?.imported ?? null },
      })
    })
  }

  /**
   * Imports what `read` gave this sum of; gives the pack's id. `conflict` where it is another by now; `invalid_input` where a file is not
   * as the manifest says, or there is no rule.
   */
  import(path: string, sum: string, by: string): Promise<Result<string>> {
    return this.#inTurn(async () => {
      const pace = new Pace()
      const looked = await lookAt(path, pace)
      if (!looked.ok) return looked
      const pack = looked.value
      if (pack.sha256 !== sum) return fail({ code: 'conflict', message: `${path} changed since it was looked at` })
      const [wrong] = pack.disagree
      if (wrong !== undefined)
        return refuse(
          wrong.file,
          wrong.how === 'missing' ? `is in ${MANIFEST} and not in the pack` : `is not as ${MANIFEST} says`,
        )
      if (pack.files.length === 0) return refuse(path, 'there is no rule in it')
      const old = await this.#places.find(pack.name)
      const was = old === null ? null : await readProvenance(this.#places.path(old))
      try {
        await this.#places.place(pack.name, await filesToPlace(pack, was, by, pace), pace)
      } catch (error) {
        return refusedBySystem(error, pack.name)
      }
      await this.#desk.reload()
      return ok(pack.name)
    })
  }

  /** `not_found` where there is no such pack. */
  remove(id: string): Promise<Result<void>> {
    return this.#inTurn(async () => {
      if (!(await this.#places.names()).includes(id)) return fail({ code: 'not_found', message: `There is no pack ${id}` })
      try {
        await this.#places.remove(id)
      } catch (error) {
        return refusedBySystem(error, id)
      }
      await this.#desk.reload()
      return ok(undefined)
    })
  }

  /** Errors: those of {@link exportPack} and {@link writeExport}. */
  export(path: string, asked: ExportAsked, by: string): Promise<Result<Exported>> {
    return this.#inTurn(async () => {
      const target = resolve(path)
      if (`${target}${sep}`.startsWith(`${resolve(this.#places.folder)}${sep}`))
        return refuse(target, 'lies among the imported packs; choose another place')
      const pace = new Pace()
      const made = { at: now(), by: by.slice(0, 200), version: VERSION }
      const known = new Map<string, Promise<Provenance | null>>()
      const provenance = (folder: string): Promise<Provenance | null> => {
        const one = known.get(folder) ?? readProvenance(folder)
        known.set(folder, one)
        return one
      }
      const pack = await exportPack(asked, made, this.#desk, this.#origins, provenance, pace)
      if (!pack.ok) return pack
      const { files, manifest, rules, filters, brought } = pack.value
      const written = await writeExport(target, files, pace)
      if (!written.ok) return written
      return ok({
        path: target,
        bytes: written.value,
        files: files.length - 1,
        rules,
        steps: brought,
        filters,
        lists: manifest.lists,
      })
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

const now = (): string => isoFromMicros(Date.now() * 1000)

async function filesToPlace(
  { manifest, manifestBytes, ...pack }: LookedAt,
  was: Provenance | null,
  by: string,
  pace: Pace,
): Promise<PackFile[]> {
  const files: PackFile[] = [
    ...pack.files.map(({ name, bytes }) => ({ name, bytes })),
    ...(manifestBytes === null ? [] : [{ name: MANIFEST, bytes: manifestBytes }]),
  ]
  const before: FormerImport[] =
    was === null ? [] : [{ from: was.from, sha256: was.sha256, imported: was.imported, by: was.by }, ...was.before]
  const sums: Provenance['files'] = []
  for (const { name, bytes } of files) {
    await pace.rest()
    sums.push({ path: name, sha256: sha256(bytes) })
  }
  const provenance: Provenance = {
    watchfloorProvenance: 1,
    name: pack.name,
    description: manifest?.description ?? '',
    author: manifest?.author ?? '',
    license: manifest?.license ?? '',
    from: pack.path,
    sha256: pack.sha256,
    imported: now(),
    by: by.slice(0, 200),
    made: manifest?.made ?? null,
    files: sums,
    before: before.slice(0, MOST_BEFORE),
  }
  return [...files, { name: PROVENANCE, bytes: Buffer.from(`${JSON.stringify(provenance, null, 2)}\n`) }]
}
