/** Gives a whole file its name, which nothing else may have yet. */
import { link as linkFile, open, rename, rm } from 'node:fs/promises'

/**
 * Moves `draft` to `path`, in the same folder, and never over something. Throws the file system's error, `EEXIST` where something is
 * there; the draft is then left. A link is refused where a name has been taken; not every file system has links (FAT has none): there the
 * name is taken by an empty file of our own first, which the draft then replaces. `link` is for tests.
 */
export async function takeName(draft: string, path: string, link: typeof linkFile = linkFile): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    const own = await open(path, 'wx', 0o600)
    await own.close()
    try {
      await rename(draft, path)
    } catch (refused) {
      await rm(path, { force: true }).catch(() => undefined)
      throw refused
    }
    return
  }
  await rm(draft, { force: true })
}
