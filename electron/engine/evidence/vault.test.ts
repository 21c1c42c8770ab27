import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { EvidenceVault } from './vault.ts'

const dir = mkdtempSync(join(tmpdir(), 'watchfloor-vault-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const vault = new EvidenceVault(dir)
const NUMBER = 'INC-2026-0001'
const never = new AbortController().signal
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const names = (number = NUMBER): string[] => readdirSync(vault.folder(number)).sort()

describe('copies of evidence', () => {
  it('lie below their hash, read-only, in a folder for the desk alone; the same content is one', async () => {
    const bytes = Buffer.from('uid=0(root)\n')
    const sealed = await vault.put(NUMBER, bytes)
    expect(sealed).toEqual({ sha256: hashOf(bytes), bytes: bytes.length })
    expect(await vault.put(NUMBER, bytes)).toEqual(sealed)
    const path = join(dir, 'evidence', NUMBER, sealed.sha256)
    expect(names()).toEqual([sealed.sha256])
    expect(statSync(path).mode & 0o777).toBe(0o400)
    expect(statSync(vault.folder(NUMBER)).mode & 0o777).toBe(0o700)
    expect(readFileSync(path)).toEqual(bytes)
    const read = await vault.read(NUMBER, sealed.sha256, 4, 4)
    expect(read.ok && [Buffer.from(read.value.bytes).toString(), read.value.of]).toEqual(['0(ro', bytes.length])
  })

  it('of files are copied up to a size, and nothing of a refused or cancelled one stays', async () => {
    const path = join(dir, 'large')
    const bytes = Buffer.alloc(700_000, 'x')
    writeFileSync(path, bytes)
    const number = 'INC-2026-0002'
    expect(await vault.copyFile(number, path, 699_999, never)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await vault.copyFile(number, path, 1e9, AbortSignal.abort())).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    })
    expect(names(number)).toEqual([])
    expect(await vault.copyFile(number, path, 700_000, never)).toEqual({
      ok: true,
      value: { sha256: hashOf(bytes), bytes: 700_000 },
    })
  })

  it('any byte that is changed, added or taken away is found', async () => {
    const number = 'INC-2026-0003'
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('change', 'cut', 'add'),
        async (bytes, at, by, how) => {
          const { sha256 } = await vault.put(number, bytes)
          const path = vault.place(number, sha256)
          expect(await vault.state(number, sha256)).toBe('sealed')
          const altered = Buffer.from(how === 'add' ? [...bytes, by] : how === 'cut' ? bytes.subarray(0, -1) : bytes)
          if (how === 'change') altered[at % bytes.length]! ^= by
          chmodSync(path, 0o600)
          writeFileSync(path, altered)
          expect(await vault.state(number, sha256)).toBe('altered')
          // What is kept anew takes its place.
          await vault.put(number, bytes)
          expect(await vault.state(number, sha256)).toBe('sealed')
          expect(readFileSync(path)).toEqual(Buffer.from(bytes))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('that are gone are missing, and so is what is no file', async () => {
    const number = 'INC-2026-0004'
    const { sha256 } = await vault.put(number, Buffer.from('gone'))
    const path = vault.place(number, sha256)
    rmSync(path)
    expect(await vault.state(number, sha256)).toBe('missing')
    symlinkSync(dir, path)
    expect(await vault.state(number, sha256)).toBe('missing')
    expect(await vault.read(number, '0'.repeat(64), 0, 10)).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })

  it('only hashes and numbers become paths', () => {
    expect(() => vault.place(NUMBER, '../../desk.db')).toThrow()
    expect(() => vault.place(NUMBER, `${'a'.repeat(63)}/`)).toThrow()
    expect(() => vault.folder('../x')).toThrow()
  })

  it('what was being written when the program ended is taken away, and nothing else', async () => {
    const number = 'INC-2026-0005'
    const { sha256 } = await vault.put(number, Buffer.from('stays'))
    const copy = await vault.draft(number)
    await copy.write(Buffer.from('half'))
    writeFileSync(`${await vault.draftPath(number)}.part`, 'half a carve')
    expect(names(number)).toHaveLength(3)
    await new EvidenceVault(dir).sweep()
    expect(names(number)).toEqual([sha256])
    await copy.drop()
  })

  it('of a process that is killed while it copies are whole, or not there', async () => {
    const number = 'INC-2026-0008'
    const work = `
      import { randomBytes } from 'node:crypto'
      const { EvidenceVault } = await import(${JSON.stringify(new URL('vault.ts', import.meta.url).href)})
      const vault = new EvidenceVault(${JSON.stringify(dir)})
      for (;;) {
        await vault.put('${number}', randomBytes(3_000_000))
        process.stdout.write('.')
      }`
    let copies = 0
    for (let wait = 0; wait < 6; wait++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', work], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      // Another moment of the next copies each time.
      await new Promise((resolve) => setTimeout(resolve, wait * 5))
      child.kill('SIGKILL')
      await once(child, 'exit')
      await vault.sweep()
      expect(names(number).length).toBeGreaterThan(copies)
      copies = names(number).length
      for (const name of names(number)) expect(await vault.state(number, name)).toBe('sealed')
    }
  })

  it('of one incident become those of another', async () => {
    const [from, to] = ['INC-2026-0006', 'INC-2026-0007']
    const one = await vault.put(from, Buffer.from('one'))
    const two = await vault.put(from, Buffer.from('two'))
    chmodSync(vault.place(from, two.sha256), 0o600)
    writeFileSync(vault.place(from, two.sha256), 'tvo')
    await vault.take(to, from, [one.sha256, two.sha256])
    expect(await vault.state(to, one.sha256)).toBe('sealed')
    // What was altered is not taken for the original.
    expect(existsSync(vault.place(to, two.sha256))).toBe(false)
  })
})
