/** The desk's own rule files: a folder of its data folder. */
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.ya?ml$/
const MOST_FILES = 10_000

export class OwnRules {
  readonly folder: string

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'rules')
  }

  async begin(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
  }

  /** A name of a file here, and not a path. */
  isName(name: string): boolean {
    return NAME.test(name) && !/\.examples\.ya?ml$/i.test(name)
  }

  /** A name that no file has yet, made of a title. */
  async newName(title: string): Promise<string> {
    const names = new Set(await readdir(this.folder).catch(() => []))
    if (names.size > MOST_FILES) throw new RangeError(`more than ${MOST_FILES} files of own rules`)
    const base =
      title
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .slice(0, 60) || 'rule'
    for (let n = 1; ; n++) {
      const name = n === 1 ? `${base}.yml` : `${base}_${n}.yml`
      if (!names.has(name)) return name
    }
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  async read(name: string): Promise<string | null> {
    return readFile(this.path(name), 'utf8').catch(() => null)
  }

  /** It is there whole or not at all. */
  async write(name: string, text: string): Promise<void> {
    const draft = this.path(`.${name}.new`)
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, this.path(name))
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name), { force: true })
  }
}
