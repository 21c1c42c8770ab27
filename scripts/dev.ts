/**
 * `npm run dev`: the page from Vite's development server with hot reload, the engine in the browser host, built anew and started
 * again when its code changes. Takes the options of `npm start`; the port is that of the page, 5173 unless named.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, createServer } from 'vite'
import { sessionCookie } from '../electron/engine/hosts/loopback-server.ts'
import { openHash } from '../shared/open-address.ts'
import { launchArguments, START_HELP } from './launch/arguments.ts'
import { openDefaultBrowser } from './launch/browser.ts'
import { hasDisplay } from './launch/electron-binary.ts'
import { type ServedEngine, startEngineChild } from './launch/engine-child.ts'

const root = join(import.meta.dirname, '..')
const talk = (line: string): void => void process.stdout.write(`${line}\n`)

/** Builds now and at every change; `built` is called after each build that worked. */
async function watchEngine(built: () => void): Promise<{ close(): Promise<void> }> {
  const watcher = await build({ configFile: join(root, 'vite.engine.config.ts'), root, logLevel: 'warn', build: { watch: {} } })
  if (!('on' in watcher)) throw new Error('Vite does not watch')
  watcher.on('event', (event) => {
    if (event.code === 'END') built()
    else if (event.code === 'ERROR') talk(`The engine does not build: ${event.error.message}`)
    if ('result' in event) void event.result.close()
  })
  return watcher
}

const given = launchArguments(process.argv.slice(2))
if ('help' in given) talk(given.help)
else if ('wrong' in given) {
  process.stderr.write(`${given.wrong}\n\n${START_HELP}\n`)
  process.exitCode = 2
} else {
  mkdirSync(given.dataDir, { recursive: true, mode: 0o700 })
  const port = given.port === 0 ? 5173 : given.port
  const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`)
  let engine: ServedEngine | null = null
  let first: (() => void) | null = null
  const ready = new Promise<void>((resolve) => (first = resolve))
  const watcher = await watchEngine(() => {
    first?.()
    first = null
    if (engine) {
      talk('The engine is built anew.')
      engine.renew()
    }
  })
  await ready
  const started = await startEngineChild({
    entry: join(root, 'dist', 'engine', 'node-loopback.js'),
    args: [
      '--data',
      given.dataDir,
      '--check-outputs',
      ...origins.flatMap((origin) => ['--origin', origin]),
      ...(given.demo ? ['--demo'] : []),
    ],
    port: 0,
    talk,
  })
  if ('code' in started) {
    process.stderr.write(`${started.message}\n`)
    await watcher.close()
    process.exit(1)
  }
  engine = started
  const at = new URL(started.url)
  const server = await createServer({
    configFile: join(root, 'vite.config.ts'),
    root: join(root, 'renderer'),
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      proxy: {
        // The page's own origin goes through, and is checked by the engine; the name and the cookie are the engine's.
        '/ws': {
          target: at.origin,
          ws: true,
          changeOrigin: true,
          headers: { cookie: sessionCookie(Number(at.port), at.searchParams.get('token') ?? '') },
        },
      },
    },
  })
  await server.listen()
  const url = `${origins[0] ?? ''}/${openHash(given.captures)}`
  talk(`Watchfloor (development): ${url}`)
  if (given.open && hasDisplay()) void openDefaultBrowser(url)
  const stop = async (code: number): Promise<void> => {
    await server.close()
    await watcher.close()
    await started.stop()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0))
  void started.hopeless.then((error) => {
    process.stderr.write(`${error.message}\n`)
    void stop(1)
  })
}
