/**
 * Finds the Chromium that the end-to-end tests drive, installs Debian's where this is root on a Debian-like machine, or
 * says in one sentence what to do.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CANDIDATES = [
  process.env['WATCHFLOOR_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Path of a Chromium, or null. */
export function findChromium(): string | null {
  return CANDIDATES.find((path): path is string => path !== undefined && existsSync(path)) ?? null
}

/** Path of a Chromium, installed if need be and possible; otherwise the sentence that says what to do. */
export function ensureChromium(): { path: string } | { missing: string } {
  const found = findChromium()
  if (found) return { path: found }
  const debian = process.platform === 'linux' && existsSync('/usr/bin/apt-get')
  if (debian && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env })
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-cjk'], { stdio: ['ignore', 'ignore', 'inherit'], env })
    const installed = findChromium()
    if (installed) return { path: installed }
  }
  return {
    missing: `Install Chromium (${debian ? 'apt-get install chromium' : 'or Chrome'}) or set WATCHFLOOR_CHROMIUM to its path, then run the tests again.`,
  }
}
