/** The playbooks of a desk, read again when their files change. Runs hold their own text: a change here changes none. */
import { watchFolders, type FolderWatch, type WatchOptions } from '../../sigma/watch-folders.ts'
import { loadPlaybooks, type LoadedPlaybook, type LoadedPlaybooks, type PlaybookFolder } from './load-playbooks.ts'
import { proposePlaybooks, type Proposal, type ProposalFacts } from './propose.ts'
import type { ThreadOptions } from './read-on-thread.ts'

export type LibraryOptions = ThreadOptions & WatchOptions

export interface PlaybookProposed extends Omit<Proposal<unknown>, 'playbook'> {
  readonly found: LoadedPlaybook
}

export class PlaybookLibrary {
  readonly #folders: readonly PlaybookFolder[]
  readonly #options: LibraryOptions
  readonly #listeners = new Set<() => void>()
  #loaded: LoadedPlaybooks = { playbooks: [], problems: [] }
  #watch: FolderWatch | null = null
  #reading: Promise<void> = Promise.resolve()
  #closed = false

  private constructor(folders: readonly PlaybookFolder[], options: LibraryOptions) {
    this.#folders = folders
    this.#options = options
  }

  /** Resolves when the folders have been read once. Never rejects. */
  static async open(folders: readonly PlaybookFolder[], options: LibraryOptions = {}): Promise<PlaybookLibrary> {
    const library = new PlaybookLibrary(folders, options)
    // Watched first, so that nothing changes unseen while they are read.
    library.#watch = watchFolders(folders.map(({ path }) => path), () => void library.read(), options) // prettier-ignore
    await library.read()
    return library
  }

  /** Playbooks in order of their ids, and what is wrong with the other files. */
  get all(): LoadedPlaybooks {
    return this.#loaded
  }

  byId(id: string): LoadedPlaybook | undefined {
    return this.#loaded.playbooks.find(({ playbook }) => playbook.id === id)
  }

  /** Those that fit, the most fitting first. */
  propose(facts: ProposalFacts): PlaybookProposed[] {
    const candidates = this.#loaded.playbooks.map((found) => ({ propose: found.playbook.propose, found }))
    return proposePlaybooks(candidates, facts).map(({ playbook: { found }, ...why }) => ({ found, ...why }))
  }

  /** Called after each reading; gives back what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the folders again, after a reading that has begun. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(async () => {
      if (this.#closed) return
      const loaded = await loadPlaybooks(this.#folders, this.#options)
      if (this.#closed) return
      this.#loaded = loaded
      for (const listener of this.#listeners) listener()
    })
    return this.#reading
  }

  close(): void {
    this.#closed = true
    this.#watch?.close()
    this.#listeners.clear()
  }
}
