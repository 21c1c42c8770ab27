import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MadeFolder, opened, type Asker } from '../bench/made-capture.ts'
import { everyMs, MadeConversation, madePcapng } from '../capture/made-packets.ts'

const folder = new MadeFolder()
const HOSTILE = ['/../../../../etc/cron.d/evil', '/a%00b\u0007c.sh', '/evil.exe', '/same.bin', '/%2e%2e/%2fetc/passwd']
const BODIES = ['#!/bin/sh\nrm -rf /\n', 'second', 'MZ and so on', 'MZ and so on', 'root']

/** Each is asked for with a name, and says another one itself. */
function transfers(): Buffer[] {
  return HOSTILE.flatMap((name, i) => {
    const one = new MadeConversation({ client: i + 1, clientPort: 50_000 + i })
    const body = BODIES[i]!
    const disposition = 'Content-Disposition: attachment; filename="../../../../bin/\u0001sh"\r\n'
    return [
      ...one.open(),
      one.send(0, `GET ${name} HTTP/1.1\r\nHost: ../host\r\n\r\n`),
      one.send(
        1,
        `HTTP/1.1 200 OK\r\nContent-Type: application/x-sh\r\n${disposition}Content-Length: ${body.length}\r\n\r\n${body}`,
      ),
      ...one.close(),
    ]
  })
}

let desk: Asker
beforeAll(async () => {
  desk = await opened(folder.folder('index'), [folder.write(madePcapng(everyMs(1, transfers())))])
})
afterAll(async () => {
  await desk.capture.close()
  folder.remove()
})
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

describe('objects', () => {
  it('are what was transferred, with hash and size', async () => {
    const { objects, truncated } = await desk.ask('objects', { flow: null })
    expect(truncated).toBe(false)
    expect(objects.map(({ size, sha256: hash, kind, complete, flow }) => ({ size, hash, kind, complete, flow }))).toEqual(
      BODIES.map((body, flow) => ({ size: body.length, hash: sha256(body), kind: 'http', complete: true, flow })),
    )
    expect(new Set(objects.map(({ id }) => id)).size).toBe(BODIES.length)
    expect((await desk.ask('objects', { flow: 2 })).objects.map(({ sha256: hash }) => hash)).toEqual([sha256(BODIES[2]!)])
  })

  it('are saved below names of our own, and cannot be executed', async () => {
    const { objects } = await desk.ask('objects', { flow: null })
    // Somebody looks at one flow meanwhile: what was listed before can still be saved.
    await desk.ask('objects', { flow: 2 })
    const target = folder.folder('saved')
    const files = await desk.ask('saveObjects', { ids: objects.map(({ id }) => id), folder: target })
    expect(files).toHaveLength(objects.length)
    for (const [i, { id, path, sha256: hash, size }] of files.entries()) {
      expect(id).toBe(objects[i]!.id)
      expect(dirname(path)).toBe(target)
      expect(basename(path)).toMatch(/^packet-\d+-http-[0-9a-f]{16}\.bin$/)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(sha256(readFileSync(path))).toBe(hash)
      expect(readFileSync(path, 'utf8')).toBe(BODIES[i])
      expect(size).toBe(BODIES[i]!.length)
    }
    // Nothing else was written, here or beside the index.
    expect(readdirSync(target).sort()).toEqual(files.map(({ path }) => basename(path)).sort())
    const kept = join(folder.path, 'index', 'objects')
    expect(readdirSync(kept).sort()).toEqual([...new Set(BODIES.map(sha256))].sort())
    for (const name of readdirSync(kept)) expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600)
  })

  it('do not follow a link that lies where they are saved', async () => {
    const { objects } = await desk.ask('objects', { flow: null })
    const target = folder.folder('linked')
    const victim = join(folder.path, 'victim')
    writeFileSync(victim, 'untouched', { mode: 0o755 })
    const [first] = objects
    const place = join(target, `packet-${first!.packet}-http-${first!.sha256.slice(0, 16)}.bin`)
    symlinkSync(victim, place)
    symlinkSync(victim, `${place}.part`)
    const [file] = await desk.ask('saveObjects', { ids: [first!.id], folder: target })
    expect(readFileSync(victim, 'utf8')).toBe('untouched')
    expect(lstatSync(file!.path).isSymbolicLink()).toBe(false)
    expect(readFileSync(file!.path, 'utf8')).toBe(BODIES[0])
  })

  it('that are not there are an error', async () => {
    expect(await desk.call('saveObjects', { ids: ['../../etc/passwd'], folder: folder.path })).toMatchObject({ ok: false, error: { code: 'not_found' } }) // prettier-ignore
    const { objects } = await desk.ask('objects', { flow: null })
    const file = folder.write(Buffer.from('no folder'))
    expect(await desk.call('saveObjects', { ids: [objects[0]!.id], folder: file })).toMatchObject({ ok: false, error: { code: 'invalid_input' } }) // prettier-ignore
  })
})
