/** The whole application for a test: the built engine on a data folder, and a page of a real Chromium that has opened it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findChromium } from '../../scripts/chromium.ts'

const root = join(import.meta.dirname, '..', '..')
export const pictures = join(root, 'test', 'e2e', 'output')

export interface Desk {
  readonly dataDir: string
  readonly url: string
  readonly page: Page
  readonly context: BrowserContext
  /** What the page wrote to its console as an error, and what it threw. */
  readonly complaints: string[]
  /** Starts the engine again on the same folder (after `kill`). The page keeps its address. */
  restart(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** The keyboard outside of text fields. */
  press(...keys: string[]): Promise<void>
  /** To another page of the screen, by its address. */
  go(hash: string): Promise<void>
  /** Taken of what failed, and of everything where `WATCHFLOOR_PICTURES` is set. */
  picture(name: string): Promise<void>
  close(): Promise<void>
}

export interface DeskOptions {
  readonly dataDir?: string
  readonly width?: number
  readonly height?: number
  readonly args?: readonly string[]
}

async function startEngine(
  dataDir: string,
  port: number,
  args: readonly string[],
  token: string,
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    [join(root, 'dist/engine/cli.js'), 'serve', '--data', dataDir, '--port', String(port), '--no-open', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, WATCHFLOOR_TOKEN: token },
    },
  )
  let talk = ''
  child.stderr?.on('data', (data: Buffer) => (talk += data.toString()))
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString()
      const line = /^(.*)\n/.exec(text)?.[1]
      if (line) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${talk}`)))
  })
  return { child, url }
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()))

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium')
  mkdirSync(pictures, { recursive: true })
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'watchfloor-e2e-'))
  const token = 'e2e'.padEnd(43, 'x')
  let { child, url } = await startEngine(dataDir, 0, options.args ?? [], token)
  const browser: Browser = await chromium.launch({
    executablePath,
    ignoreDefaultArgs: ['--hide-scrollbars'],
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  })
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Seoul',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  return {
    dataDir,
    url,
    page,
    context,
    complaints,
    async restart() {
      ;({ child } = await startEngine(dataDir, Number(new URL(url).port), options.args ?? [], token))
    },
    async kill() {
      child.kill('SIGKILL')
      await ended(child)
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key)
    },
    go: (hash) => page.evaluate((to) => void (window.location.hash = to), hash),
    async picture(name) {
      if (!name.startsWith('failed-') && !process.env['WATCHFLOOR_PICTURES']) return
      await page.screenshot({ path: join(pictures, `${name}.png`) })
    },
    async close() {
      await browser.close()
      child.kill('SIGTERM')
      await ended(child)
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
