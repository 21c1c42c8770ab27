import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NotifySecrets } from './secrets.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'watchfloor-secrets-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))
const file = (): string => join(dir, 'notify-secrets.json')
async function loaded(): Promise<NotifySecrets> {
  const secrets = new NotifySecrets(dir, () => 42)
  await secrets.load()
  return secrets
}

describe('secrets', () => {
  it('are kept in a file that nobody else can read, and forgotten', async () => {
    const secrets = await loaded()
    expect(secrets.problem).toBeNull()
    await Promise.all([secrets.set('a', 'one'), secrets.set('b', 'two'), secrets.set('c', 'three')])
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect((await secrets.set('b', null)).ok).toBe(true)
    const again = await loaded()
    expect([again.get('a'), again.get('b'), again.get('c'), again.has('b')]).toEqual(['one', null, 'three', false])
    expect(readFileSync(file(), 'utf8')).not.toContain('two')
  })
  it('that others could read are closed to them', async () => {
    await (await loaded()).set('a', 'one')
    chmodSync(file(), 0o644)
    await loaded()
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })
  it('that cannot be read are put aside before others are kept, and never quoted', async () => {
    writeFileSync(file(), 'hunter2 {')
    const secrets = await loaded()
    expect(secrets.problem).toBe('not JSON')
    expect((await secrets.set('a', 'one')).ok).toBe(true)
    expect(secrets.problem).toBeNull()
    expect(readdirSync(dir).sort()).toEqual(['notify-secrets.json', 'notify-secrets.json.unreadable-42'])
  })
  it('are refused where the file cannot be written', async () => {
    const secrets = new NotifySecrets(join(dir, 'notify-secrets.json', 'below'))
    writeFileSync(file(), 'x')
    expect(await secrets.set('a', 'one')).toMatchObject({ ok: false })
    expect(secrets.has('a')).toBe(false)
  })
})
