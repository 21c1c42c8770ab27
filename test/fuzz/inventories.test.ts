import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Catalogue } from '../../electron/engine/assets/catalogue/catalogue.ts'
import { fuzzInventories } from './fuzz-inventories.ts'

it('changed inventories and vulnerability data are rows and problems with their place', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'wf-fuzz-'))
  const catalogue = Catalogue.open(dir)!
  try {
    const counts = await fuzzInventories(2000, 11, catalogue)
    expect(counts.files).toBe(2000)
    expect(counts.rows).toBeGreaterThan(500)
    expect(counts.problems).toBeGreaterThan(500)
    expect(counts.recognised).toBeGreaterThan(200)
  } finally {
    catalogue.close()
    rmSync(dir, { recursive: true })
  }
}, 60_000)
