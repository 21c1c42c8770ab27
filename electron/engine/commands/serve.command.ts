import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openHash } from '../../../shared/open-address.ts'
import { defaultDataDir } from '../data-dir.ts'
import { createEngine } from '../engine.ts'
import { withDemonstration } from '../hosts/demonstration.ts'
import { serveLoopback } from '../hosts/serve-loopback.ts'
import { removeServingNote, writeServingNote } from '../hosts/serving-note.ts'
import { rendererDir } from '../paths.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'serve',
  usage: '--data <dir> [--port N] [--capture <file>]... [--no-open]',
  summary: 'Opens the desk for this machine\'s browser; the first line of stdout is {"url": ...}.',
  options: {
    data: { type: 'string', value: '<dir>', doc: 'data folder; made where it is missing' },
    port: { type: 'string', value: 'N', doc: 'port on 127.0.0.1 (default: a free one)' },
    capture: { type: 'string', multiple: true, value: '<file>', doc: 'begin with this capture; several are opened as one' },
    'no-open': { type: 'boolean', doc: 'open no window' },
    demo: { type: 'boolean', doc: 'start the demonstration' },
  },
  async run(input) {
    if (input.positionals.length > 0) throw new UsageError(`what is '${input.positionals[0]}'?`)
    if (!existsSync(join(rendererDir(), 'index.html'))) {
      talk('The screen is not built: run npm run build')
      return 1
    }
    const captures = input.texts('capture').map((path) => resolve(path))
    const missing = captures.find((path) => !existsSync(path))
    if (missing !== undefined) throw new UsageError(`there is no file '${missing}'`)
    const place = openHash(captures)
    const dataDir = input.text('data') ?? defaultDataDir()
    mkdirSync(dataDir, { recursive: true })
    const created = await createEngine({ dataDir })
    const engine = input.flag('demo') ? await withDemonstration(created) : created
    if (!engine.ok) {
      talk(engine.error.message)
      return 1
    }
    const token = process.env['WATCHFLOOR_TOKEN']
    const server = await serveLoopback({
      engine: engine.value,
      port: input.number('port', 0, 65535) ?? 0,
      rendererDir: rendererDir(),
      ...(token ? { token } : {}),
    })
    if (!server.ok) {
      await engine.value.close()
      talk(server.error.message)
      return 1
    }
    const { url } = server.value
    writeServingNote(dataDir, { url, pid: process.pid })
    await out(JSON.stringify({ url: url + place }))
    if (!input.flag('no-open')) await openWindow(server.value.invite() + place)
    await new Promise<void>((resolve) => {
      if (input.signal.aborted) resolve()
      else input.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    removeServingNote(dataDir)
    await server.value.close()
    await engine.value.close()
    return 0
  },
})

/** The default browser, or a word that it has to be opened by hand. */
async function openWindow(url: string): Promise<void> {
  const { spawn } = await import('node:child_process')
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url]
  const child = spawn(command!, args, { stdio: 'ignore', detached: true })
  child.on('error', () => talk(`Open ${url} in a browser`))
  child.unref()
}
