/** The long form: as many changed files as `WATCHFLOOR_FUZZ` says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Catalogue } from '../../electron/engine/assets/catalogue/catalogue.ts'
import { fuzzInventories } from './fuzz-inventories.ts'

it('readers of inventories and vulnerability data take anything', async () => {
  const count = Number(process.env['WATCHFLOOR_FUZZ'] ?? 20_000)
  const dir = mkdtempSync(join(tmpdir(), 'wf-fuzz-'))
  const catalogue = Catalogue.open(dir)!
  try {
    const counts = await fuzzInventories(count, Number(process.env['WATCHFLOOR_SEED'] ?? 1), catalogue, (soFar) =>
      console.error(JSON.stringify(soFar)),
    )
    console.log(JSON.stringify(counts))
    expect(counts.files).toBe(count)
  } finally {
    catalogue.close()
    rmSync(dir, { recursive: true })
  }
})
