/** `npm start` as a user runs it, without a display: from the command to a desk that answers, a second start, and the end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildStale } from '../scripts/build.ts'

const script = join(import.meta.dirname, '..', 'scripts', 'start.mjs')
let folder: string
const running = new Set<ChildProcess>()

function start(...args: string[]): { child: ChildProcess; text(): string; ended: Promise<number | null> } {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
  const child = spawn(process.execPath, [script, '--no-open', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += String(part)))
  const ended = once(child, 'exit').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  return { child, text: () => text, ended }
}

beforeAll(async () => {
  await buildStale(['engine', 'renderer'])
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-start-'))
}, 120_000)
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

it('prints a link that opens the desk, shows it to a second start, and ends when it is told to', async () => {
  const first = start('--data', folder)
  const link = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/
  while (!link.test(first.text())) {
    expect(first.child.exitCode, first.text()).toBeNull()
    await new Promise((done) => setTimeout(done, 10))
  }
  const url = link.exec(first.text())?.[0] ?? ''
  const entry = await fetch(url, { redirect: 'manual' })
  expect(entry.status).toBe(303)
  const cookie = entry.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await fetch(new URL('/', url), { headers: { cookie } })
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<title>Watchfloor</title>')

  const second = start('--data', folder)
  expect(await second.ended).toBe(0)
  expect(second.text()).toContain('already runs')
  expect(second.text()).toContain(url)

  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  expect(readdirSync(folder)).not.toContain('serving.json')
  await expect(fetch(url)).rejects.toThrow()
})

it('says which port is taken', async () => {
  const first = start('--data', join(folder, 'a'))
  while (!/127\.0\.0\.1:\d+/.test(first.text())) await new Promise((done) => setTimeout(done, 10))
  const port = /127\.0\.0\.1:(\d+)/.exec(first.text())?.[1] ?? ''
  const second = start('--data', join(folder, 'b'), '--port', port)
  expect(await second.ended).toBe(1)
  expect(second.text()).toContain(`Port ${port} is taken by another program.`)
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
})
