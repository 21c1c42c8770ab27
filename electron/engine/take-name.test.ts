import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removeDir, temporaryDir } from '../../test/fixtures/store/opened.ts'
import { takeName } from './take-name.ts'

let dir: string
beforeEach(() => {
  dir = temporaryDir()
  writeFileSync(join(dir, 'draft'), 'whole')
})
afterEach(() => removeDir(dir))

/** As a FAT volume answers. */
const noLinks = (): Promise<never> => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }))

it.each([
  ['with links', undefined],
  ['without links', noLinks],
])('gives the name, and never one that is taken: %s', async (_, link) => {
  await takeName(join(dir, 'draft'), join(dir, 'file'), link)
  expect(readdirSync(dir)).toEqual(['file'])
  expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('whole')
  writeFileSync(join(dir, 'draft'), 'other')
  await expect(takeName(join(dir, 'draft'), join(dir, 'file'), link)).rejects.toMatchObject({ code: 'EEXIST' })
  expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('whole')
  await expect(takeName(join(dir, 'draft'), join(dir, 'nowhere', 'file'), link)).rejects.toMatchObject({ code: 'ENOENT' })
})
