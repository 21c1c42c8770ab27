/** What no page of this application may do, whichever window it is in. */
import { app, type Session, type WebContents } from 'electron'
import { PAGE_ORIGIN } from '../../shared/host-channel.ts'

/** What the page may ask the system for: copying a value, and notes on what happens, which are off until the operator turns them on. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications'])
const OWN_SCHEMES: ReadonlySet<string> = new Set(['watchfloor:', 'devtools:', 'data:', 'blob:'])

export const isOwnPage = (url: string): boolean => url === PAGE_ORIGIN || url.startsWith(`${PAGE_ORIGIN}/`)

/** Before `ready`: every renderer is sandboxed, and every web contents ever made is locked. */
export function lockWebContents(): void {
  app.enableSandbox()
  app.on('web-contents-created', (_, contents) => lock(contents))
}

function lock(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (details) => {
    if (!isOwnPage(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', (details) => details.preventDefault())
  contents.on('will-frame-navigate', (details) => {
    // A document that our page wrote into a frame of its own (a report's preview) has its policy, and goes nowhere else.
    const written = !details.isMainFrame && details.url === 'about:srcdoc'
    if (!isOwnPage(details.url) && !written) details.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** No permission but copying and notes, no device, no download, and no request that leaves the application. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(isOwnPage(contents.getURL()) && GRANTED.has(permission)),
  )
  session.setPermissionCheckHandler((_, permission, origin) => isOwnPage(origin.replace(/\/$/, '')) && GRANTED.has(permission))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_, answer) => answer({}))
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, answer) => {
    const scheme = URL.parse(details.url)?.protocol ?? ''
    answer({ cancel: !OWN_SCHEMES.has(scheme) })
  })
}
