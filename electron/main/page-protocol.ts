/** `watchfloor://app/`: the built page as a real origin with a real policy, instead of files. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { protocol } from 'electron'
import { PAGE_ORIGIN, PAGE_SCHEME } from '../../shared/host-channel.ts'
import { pageFile, pageHeaders } from '../../shared/page-policy.ts'

/** Before `ready`: the scheme is a standard, secure one. It bypasses no policy. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** After `ready`. Serves files of `rendererDir` and nothing else. */
export function servePage(rendererDir: string): void {
  protocol.handle(PAGE_SCHEME, async (request) => {
    const headers = pageHeaders()
    const refuse = (status: number): Response => new Response(null, { status, headers })
    const url = URL.parse(request.url)
    if (!url || !request.url.startsWith(`${PAGE_ORIGIN}/`)) return refuse(404)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const file = pageFile(url.pathname)
    const bytes = file && (await readFile(join(rendererDir, ...file.path.split('/'))).catch(() => null))
    if (!file || !bytes) return refuse(404)
    return new Response(new Uint8Array(bytes), { headers: { ...headers, 'Content-Type': file.type } })
  })
}
