/** Opens a link in a window of its own (Chromium, Chrome, Edge), else in the default browser. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, join } from 'node:path'

const ON_PATH = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
]
const ON_MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
)
const ON_WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
]

/** A browser that can show a page as an application, or null. `env` and `platform` are for tests. */
export function findAppBrowser(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (platform === 'darwin') return ON_MAC.find((path) => existsSync(path)) ?? null
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined)
    return folders.flatMap((folder) => ON_WINDOWS.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? null
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name))).find(canRun) ?? null
}

/** Where the window keeps its profile: in the data folder, but a snap sees no hidden folders of the home, only its own. */
export function windowProfile(browser: string, dataDir: string): string {
  const snap = browser.startsWith('/snap/') || (basename(browser) === 'chromium-browser' && existsSync('/snap/bin/chromium'))
  return snap ? join(homedir(), 'snap', 'chromium', 'common', `watchfloor-${basename(dataDir)}`) : join(dataDir, 'window')
}

/** What an app window is started with. As root, Chromium runs only without its sandbox. */
export function appWindowArguments(url: string, profile: string, root: boolean): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-background-networking',
    ...(root ? ['--no-sandbox'] : []),
  ]
}

/** A window that lives as long as the process. */
export function openAppWindow(browser: string, url: string, profile: string): ChildProcess {
  return spawn(browser, appWindowArguments(url, profile, process.getuid?.() === 0), { stdio: 'ignore' })
}

/** Hands the link to the system; false where there is nobody to hand it to. */
export function openDefaultBrowser(url: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const [command, args]: [string, string[]] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]]
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, env })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
    child.on('spawn', () => {
      child.unref()
      // Some openers stay with the browser they started.
      setTimeout(() => resolve(true), 2000).unref()
    })
  })
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
