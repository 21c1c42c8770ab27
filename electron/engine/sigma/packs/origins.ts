/** Which of the desk's folders a rule came from, and which folder's rule stays where two have one id. */
import { basename, dirname, resolve } from 'node:path'
import type { ORIGINS } from './manifest.ts'

export interface Origin {
  readonly origin: (typeof ORIGINS)[number]
  /** Of the pack or the folder; '' of own and shipped rules. */
  readonly name: string
}

export class Origins {
  readonly #own: string
  readonly #builtin: string
  readonly #packs: string

  constructor({ own, builtin, packs }: { readonly own: string; readonly builtin: string; readonly packs: string }) {
    this.#own = resolve(own)
    this.#builtin = resolve(builtin)
    this.#packs = resolve(packs)
  }

  /** `folder`: as a loaded rule names it. */
  of(folder: string): Origin {
    if (folder === this.#own) return { origin: 'own', name: '' }
    if (folder === this.#builtin) return { origin: 'shipped', name: '' }
    return { origin: dirname(folder) === this.#packs ? 'pack' : 'folder', name: basename(folder) }
  }

  /**
   * Whether a rule of the pack `name` stays where the desk has one with its id in `folder`, as the library loads them: own rules, shipped
   * ones, packs in order of their names, other folders. `replaced`: the pack whose place it takes.
   */
  stays(name: string, folder: string, replaced: string | null): boolean {
    const other = this.of(folder)
    if (other.origin === 'pack') return other.name === replaced || name < other.name
    return other.origin === 'folder'
  }
}
