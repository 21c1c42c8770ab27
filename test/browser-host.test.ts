/** The browser host with a real browser: signing in, the page's policy, strangers, and the client's hooks over the socket. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../electron/engine/hosts/engine-interface.ts'
import type { LoopbackServer } from '../electron/engine/hosts/loopback-server.ts'
import { serveLoopback } from '../electron/engine/hosts/serve-loopback.ts'
import { findChromium } from '../scripts/chromium.ts'
import { fail, ok } from '../shared/model/result.ts'

const executablePath = findChromium()
const TOKEN = 'a-token-for-tests_nothing-that-opens-anything-else'

/** Counts what its handlers are asked, and lets the test end what waits. */
class FakeEngine {
  readonly asked: string[] = []
  readonly aborted: string[] = []
  revision = 0
  emitters = new Set<() => void>()
  finishJob: () => void = () => {}
  readonly handlers = {
    'settings.get': async ({ key }: { key: string }, { signal }: { signal: AbortSignal }) => {
      this.asked.push(key)
      if (key === 'missing') return fail({ code: 'not_found', message: 'none' })
      if (key === 'slow') await this.#aborted(signal, 'slow')
      return ok({ value: `${key} ${this.asked.length}` })
    },
    'settings.set': async () => ok({}),
    'rules.watch': async (_: unknown, emit: (value: unknown) => Promise<void>, { signal }: { signal: AbortSignal }) => {
      const tell = (): void => void emit({ revision: this.revision, rules: 0, failed: 0 })
      this.emitters.add(tell)
      tell()
      await this.#aborted(signal, 'watch')
      this.emitters.delete(tell)
      return ok(undefined)
    },
    'events.count': async (_: unknown, emit: (value: unknown) => Promise<void>, { signal }: { signal: AbortSignal }) => {
      await emit({ scanned: 5, of: 10, count: 1 })
      await Promise.race([new Promise<void>((resolve) => (this.finishJob = resolve)), this.#aborted(signal, 'job')])
      return ok({ count: 2 })
    },
  }
  #aborted(signal: AbortSignal, name: string): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        this.aborted.push(name)
        resolve()
      })
    })
  }
}

describe.skipIf(executablePath === null)('the browser host', () => {
  let folder: string
  let browser: Browser
  let engine: FakeEngine
  let server: LoopbackServer
  let page: Page
  let stranger: Server

  const serve = async (port: number): Promise<LoopbackServer> => {
    const started = await serveLoopback({
      engine: { handlers: engine.handlers as unknown as Engine['handlers'] },
      port,
      rendererDir: folder,
      token: TOKEN,
      log: () => {},
    })
    if (!started.ok) throw new Error(started.error.message)
    return started.value
  }
  const shown = async (id: string): Promise<unknown> => JSON.parse((await page.textContent(`#${id}`)) ?? 'null') as unknown
  /** Waits until the page shows it; the test's time limit ends a wait in vain, naming the last thing seen. */
  const shows = async (id: string, wanted: unknown): Promise<void> => {
    let last: unknown
    const end = Date.now() + 15_000
    do {
      last = await shown(id)
      if (JSON.stringify(last) === JSON.stringify(wanted)) return
      await new Promise((done) => setTimeout(done, 10))
    } while (Date.now() < end)
    expect(last).toEqual(wanted)
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watchfloor-browser-'))
    await build({
      configFile: false,
      logLevel: 'error',
      root: join(import.meta.dirname, 'fixtures', 'client'),
      base: './',
      build: { outDir: folder, emptyOutDir: true, target: 'chrome140' },
    })
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] })
    stranger = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<p>hello</p>')).listen(
      0,
      '127.0.0.1',
    )
  })
  afterAll(async () => {
    await browser.close()
    stranger.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const signIn = async (): Promise<void> => {
    engine = new FakeEngine()
    server = await serve(0)
    page = await (await browser.newContext()).newPage()
    await page.goto(server.url)
    await shows('state', 'open')
  }
  afterEach(async () => {
    await page.context().close()
    await server.close()
  })

  it('signs in by the link, leaves no token in the address, and runs under its policy', async () => {
    const problems: string[] = []
    engine = new FakeEngine()
    server = await serve(0)
    page = await (await browser.newContext()).newPage()
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(server.url)
    await shows('state', 'open')
    expect(page.url()).toBe(`http://127.0.0.1:${server.port}/`)
    expect(await page.evaluate(() => document.cookie)).toBe('')
    // Nothing the client does offends the policy: no `new Function`, no inline script.
    expect(problems).toEqual([])
    await page.reload()
    await shows('state', 'open')
    const other = await browser.newContext()
    const answer = await (await other.newPage()).goto(`http://127.0.0.1:${server.port}/`)
    expect(answer?.status()).toBe(401)
    await other.close()
  })

  it('gives a page from elsewhere nothing, also in the same browser', async () => {
    await signIn()
    const { port } = stranger.address() as AddressInfo
    const evil = await page.context().newPage()
    await evil.goto(`http://127.0.0.1:${port}/`)
    const reached = await evil.evaluate(async (at) => {
      const socket = await new Promise((resolve) => {
        const attempt = new WebSocket(`ws://127.0.0.1:${at}/ws`)
        attempt.onopen = () => resolve('open')
        attempt.onerror = () => resolve('refused')
      })
      const read = await fetch(`http://127.0.0.1:${at}/`, { credentials: 'include' }).then(
        () => 'read',
        () => 'refused',
      )
      const frame = document.createElement('iframe')
      frame.src = `http://127.0.0.1:${at}/`
      document.body.append(frame)
      await new Promise((done) => (frame.onload = done))
      let framed = 'refused'
      try {
        if (frame.contentDocument?.querySelector('#root')) framed = 'shown'
      } catch {
        // Of another origin, as it should be.
      }
      return { socket, read, framed }
    }, server.port)
    expect(reached).toEqual({ socket: 'refused', read: 'refused', framed: 'refused' })
    expect(await evil.frames()[1]?.content()).not.toContain('id="root"')
  })

  it('useQuery asks, asks again for another input, tells errors, and cancels what is not wanted any more', async () => {
    await signIn()
    await shows('query', { value: { value: 'first 1' }, error: null, loading: false, stale: false })
    await page.click('#refresh')
    await shows('query', { value: { value: 'first 2' }, error: null, loading: false, stale: false })
    await page.click('#slow')
    await shows('query', { value: { value: 'first 2' }, error: null, loading: true, stale: false })
    await page.click('#second')
    await shows('query', { value: { value: 'second 4' }, error: null, loading: false, stale: false })
    expect(engine.aborted).toContain('slow')
    await page.click('#missing')
    await shows('query', { value: { value: 'second 4' }, error: 'not_found', loading: false, stale: false })
  })

  it('useJob and useCommand tell how it goes and how it ended', async () => {
    await signIn()
    await shows('job', { running: false, progress: null, result: null })
    await page.click('#run')
    await shows('job', { running: true, progress: { scanned: 5, of: 10, count: 1 }, result: null })
    engine.finishJob()
    await shows('job', { running: false, progress: { scanned: 5, of: 10, count: 1 }, result: { ok: true, value: { count: 2 } } })
    await page.click('#run')
    await shows('job', { running: true, progress: { scanned: 5, of: 10, count: 1 }, result: null })
    await page.click('#cancel')
    await shows('job', {
      running: false,
      progress: { scanned: 5, of: 10, count: 1 },
      result: { ok: false, error: { code: 'cancelled', message: 'Cancelled.' } },
    })
    await page.click('#set-wrong')
    await shows('command', { running: false, error: 'invalid_input' })
    await page.click('#set')
    await shows('command', { running: false, error: null })
  })

  it('keeps what it had while the engine is away, says that it is old, and asks again when it is back', async () => {
    await signIn()
    await shows('query', { value: { value: 'first 1' }, error: null, loading: false, stale: false })
    await shows('stream', { value: { revision: 0, rules: 0, failed: 0 }, error: null, stale: false })
    engine.revision = 1
    for (const tell of engine.emitters) tell()
    await shows('log', ['reset', '0', '1'])
    await server.close()
    await shows('state', 'gone')
    await shows('query', { value: { value: 'first 1' }, error: null, loading: false, stale: true })
    await shows('stream', { value: { revision: 1, rules: 0, failed: 0 }, error: null, stale: true })
    engine.revision = 2
    server = await serve(server.port)
    await shows('state', 'open')
    await shows('query', { value: { value: 'first 2' }, error: null, loading: false, stale: false })
    await shows('stream', { value: { revision: 2, rules: 0, failed: 0 }, error: null, stale: false })
    await shows('log', ['reset', '0', '1', 'reset', '2'])
  })

  it('cancels everything when a component leaves', async () => {
    await signIn()
    await page.click('#run')
    await shows('job', { running: true, progress: { scanned: 5, of: 10, count: 1 }, result: null })
    await shows('log', ['reset', '0'])
    await page.click('#leave')
    while (engine.emitters.size > 0 || !engine.aborted.includes('job')) await new Promise((done) => setTimeout(done, 5))
    expect(engine.aborted.filter((name) => name === 'watch')).toHaveLength(2)
    expect(await shown('state')).toBe('open')
  })
})
