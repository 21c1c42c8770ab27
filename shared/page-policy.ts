/** What the page may do, said the same way by the browser host and by Electron's protocol handler. */

/**
 * Response headers of every page and asset. No script but the application's own, nothing from elsewhere, no frame around it.
 * Styles may be inline: the grid and the charts write theirs into the document.
 * `sockets` are the addresses of the engine for `connect-src` beside the page's own origin.
 */
export function pageHeaders(sockets: readonly string[] = []): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...sockets].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), midi=(), payment=(), display-capture=()',
  }
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  woff: 'font/woff',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
}

export interface PageFile {
  /** Below the renderer's folder, with `/`. */
  readonly path: string
  readonly type: string
  /** Named by its content, so it never changes. */
  readonly immutable: boolean
}

/** The built file that an URL's path means, or null. Only plain names: what is not written here cannot leave the folder. */
export function pageFile(pathname: string): PageFile | null {
  const path = pathname === '/' ? 'index.html' : pathname.slice(1)
  const names = path.split('/')
  if (!names.every((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name))) return null
  const ending = names.at(-1)?.split('.').at(-1) ?? ''
  const type = Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined
  if (type === undefined) return null
  return { path, type, immutable: names[0] === 'assets' && names.length > 1 }
}
