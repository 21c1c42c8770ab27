/** Opens a desk that no other program has open, for commands that change it. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { defaultDataDir } from '../../data-dir.ts'
import { openStoreWith } from '../../store/client.ts'
import type { Store } from '../../store/types.ts'
import type { CommandInput } from '../define.ts'
import { refuse } from '../refuse.ts'

export async function changingDesk(
  input: CommandInput,
  work: (store: Store, dataDir: string) => Promise<number>,
): Promise<number> {
  const dataDir = resolve(input.text('data') ?? defaultDataDir())
  mkdirSync(dataDir, { recursive: true })
  const opened = await openStoreWith(dataDir, { readAtOnce: false })
  if (!opened.ok) return refuse(opened.error)
  try {
    return await work(opened.value, dataDir)
  } finally {
    await opened.value.close()
  }
}
