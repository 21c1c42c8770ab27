/**
 * Electron's main process: one window, one engine, and the ports between them. It reads no data and knows the engine by its
 * path only. Captures that it is asked to show it hands to the page by their names.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, ipcMain, type IpcMainEvent, session, type WebContents } from 'electron'
import { CONNECT, PORT } from '../../shared/host-channel.ts'
import { openHash } from '../../shared/open-address.ts'
import { EngineSupervisor } from './engine-supervisor.ts'
import { isOwnPage, lockSession, lockWebContents } from './lockdown.ts'
import { setMenu } from './menu.ts'
import { existing, Handed, namedCaptures } from './named-captures.ts'
import { OpenRequests } from './open-requests.ts'
import { registerPageScheme, servePage } from './page-protocol.ts'
import { openWorkbench } from './workbench-window.ts'

const dist = join(import.meta.dirname, '..')
const preload = join(dist, 'preload', 'preload.cjs')
// Beside ours there are Electron's and Chromium's own arguments.
const { values, positionals } = parseArgs({
  args: process.argv.slice(1),
  strict: false,
  allowPositionals: true,
  options: { data: { type: 'string' }, demo: { type: 'boolean' }, capture: { type: 'string', multiple: true } },
})
const { data, demo, capture } = values
const dataDir = typeof data === 'string' ? data : ''
// The lock and the window's own files go with the desk: two desks are two instances.
if (dataDir !== '') app.setPath('userData', join(dataDir, 'window'))

registerPageScheme()
lockWebContents()

const captures = namedCaptures({ positionals, explicit: capture ?? [], folder: process.cwd() })
const requests = new OpenRequests()

if (!app.requestSingleInstanceLock({ captures } satisfies Handed)) app.quit()
else {
  requests.add(captures)
  app.on('second-instance', (_event, _argv, _folder, handed) => {
    requests.add(existing(Handed.safeParse(handed).data?.captures ?? []))
    focus()
  })
  // macOS, and from before `ready` on.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    requests.add(existing([path]))
    focus()
  })
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(run)
}

function focus(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function run(): void {
  lockSession(session.defaultSession)
  servePage(join(dist, 'renderer'))
  setMenu()

  /** Pages that asked for a port at least once; each gets a new one whenever an engine comes up. */
  const pages = new Set<WebContents>()
  const handPort = (page: WebContents): void => {
    if (page.isDestroyed()) return
    const port = engine.connect()
    if (port) page.postMessage(PORT, null, [port])
  }
  const engine = new EngineSupervisor({
    engineDir: join(dist, 'engine'),
    args: [...(dataDir === '' ? [] : ['--data', dataDir]), ...(demo === true ? ['--demo'] : [])],
    onUp: () => pages.forEach(handPort),
    onHopeless(error) {
      dialog.showErrorBox('Watchfloor', error.message)
      app.quit()
    },
  })

  ipcMain.on(CONNECT, (event) => {
    if (!isTrusted(event)) return
    const page = event.sender
    if (!pages.has(page)) {
      pages.add(page)
      page.once('destroyed', () => pages.delete(page))
    }
    handPort(page)
  })

  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void engine.stop().then(() => {
      stopped = true
      app.quit()
    })
  })

  engine.start()
  const first = requests.begin((paths) => workbench.goTo(openHash(paths)))
  const workbench = openWorkbench(preload, openHash(first))
}

/** Only the top frame of one of our own windows, showing our own page. */
function isTrusted(event: IpcMainEvent): boolean {
  const { sender, senderFrame } = event
  return (
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    isOwnPage(senderFrame.url) &&
    BrowserWindow.fromWebContents(sender) !== null
  )
}
