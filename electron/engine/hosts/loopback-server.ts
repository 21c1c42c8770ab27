/**
 * HTTP and WebSocket on 127.0.0.1 for one operator's browser. Whoever has the launch's token gets a cookie and with it the
 * page and the socket; `Host` and `Origin` are checked on every request, so a page from elsewhere reaches neither, also not
 * by a name that resolves to this machine.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { pageFile, pageHeaders } from '../../../shared/page-policy.ts'
import { LIMITS } from '../../../shared/rpc/frames.ts'
import { socketTransport } from '../../../shared/rpc/socket-transport.ts'
import type { Transport } from '../../../shared/rpc/transport.ts'

export interface LoopbackOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Folder of the built page. */
  readonly rendererDir: string
  /** 32 or more random characters; a new one for each launch where it is not given. */
  readonly token?: string
  /** Origins beside the server's own that may open the socket: the development server. */
  readonly origins?: readonly string[]
  /** Called for each client that has passed all checks. */
  accept(transport: Transport): void
}
export interface LoopbackServer {
  /** With the token: opening it signs the browser in. Not to be logged. */
  readonly url: string
  readonly port: number
  /** A link that signs one browser in, once, within a minute: for a command line that others on this machine can read. */
  invite(): string
  close(): Promise<void>
}

const CONNECTIONS = 32
const INVITATION_MS = 60_000

/** Starts to listen. The only expected failure is a port that is taken. */
export async function startLoopbackServer(options: LoopbackOptions): Promise<Result<LoopbackServer>> {
  const token = options.token ?? randomBytes(32).toString('base64url')
  let hosts: readonly string[] = []
  let origins: readonly string[] = []
  let headers = pageHeaders()
  let cookie = ''
  const invitations = new Map<string, ReturnType<typeof setTimeout>>()
  const withdraw = (invitation: string): boolean => {
    clearTimeout(invitations.get(invitation))
    return invitations.delete(invitation)
  }

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    void answer(request, response).catch(() => response.destroy())
  })
  server.maxConnections = 256
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LIMITS.frame,
    clientTracking: true,
  })

  const knownHost = (request: IncomingMessage): boolean => hosts.includes(request.headers.host ?? '')
  const signedIn = (request: IncomingMessage): boolean =>
    (request.headers.cookie ?? '').split(';').some((pair) => same(pair.trim(), cookie))

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(text)
    }
    if (!knownHost(request)) return refuse(421, 'This server does not answer to that name.\n')
    const { origin } = request.headers
    if (origin !== undefined && !origins.includes(origin)) return refuse(403, 'Not from there.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(405, 'Only GET and HEAD.\n')
    }
    const url = parseUrl(request)
    if (!url) return refuse(400, 'That is not an address.\n')
    const offered = url.pathname === '/' ? url.searchParams.get('token') : null
    if (offered !== null) {
      if (!same(offered, token) && !withdraw(offered))
        return refuse(403, 'This link belongs to an earlier start of Watchfloor. Use the one it printed last.\n')
      response.writeHead(303, {
        Location: '/',
        'Cache-Control': 'no-store',
        'Set-Cookie': `${cookie}; HttpOnly; SameSite=Strict; Path=/`,
      })
      response.end()
      return
    }
    if (!signedIn(request)) return refuse(401, 'Open Watchfloor by the link it printed at its start.\n')
    const file = pageFile(url.pathname)
    const path = file && join(options.rendererDir, ...file.path.split('/'))
    const found = path ? await stat(path).catch(() => null) : null
    if (!file || !path || !found?.isFile()) return refuse(404, 'There is no such page.\n')
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Length': found.size,
      'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
    })
    if (request.method === 'HEAD') response.end()
    else
      createReadStream(path)
        .on('error', () => response.destroy())
        .pipe(response)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refusal = refusalOfUpgrade(request)
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => options.accept(socketTransport(client, client)))
  })
  const refusalOfUpgrade = (request: IncomingMessage): string | null => {
    if (!knownHost(request)) return '421 Misdirected Request'
    if (!origins.includes(request.headers.origin ?? '')) return '403 Forbidden'
    if (parseUrl(request)?.pathname !== '/ws') return '404 Not Found'
    if (!signedIn(request)) return '401 Unauthorized'
    return sockets.clients.size >= CONNECTIONS ? '503 Service Unavailable' : null
  }

  const started = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve)
    server.listen({ host: '127.0.0.1', port: options.port }, () => resolve(null))
  })
  if (started) {
    const taken = started.code === 'EADDRINUSE'
    return fail({
      code: 'conflict',
      message: taken
        ? `Port ${options.port} is taken by another program.`
        : `Cannot listen on port ${options.port}: ${started.message}`,
    })
  }
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  // A program that listens is not ended by a single failed connection.
  server.on('error', () => {})
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  origins = [...hosts.map((host) => `http://${host}`), ...(options.origins ?? [])]
  headers = pageHeaders(hosts.map((host) => `ws://${host}`))
  // Cookies do not know ports: the name keeps two desks on one machine apart.
  cookie = sessionCookie(port, token)

  const link = (secret: string): string => `http://127.0.0.1:${port}/?token=${secret}`
  return ok({
    url: link(token),
    port,
    invite() {
      const invitation = randomBytes(32).toString('base64url')
      invitations.set(invitation, setTimeout(() => withdraw(invitation), INVITATION_MS).unref())
      return link(invitation)
    },
    async close() {
      for (const invitation of invitations.keys()) withdraw(invitation)
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function parseUrl(request: IncomingMessage): URL | null {
  try {
    return new URL(`http://127.0.0.1${request.url ?? ''}`)
  } catch {
    return null
  }
}

/**
 * The cookie that the server on `port` gives for `token`. Another secret than the token, so that what a browser keeps does not
 * open a second one; the same after a restart with the same token, so that open pages find back.
 */
export function sessionCookie(port: number, token: string): string {
  return `watchfloor-${port}=${createHmac('sha256', token).update('session').digest('base64url')}`
}

/** Equal without telling by its duration where they differ. */
function same(given: string, wanted: string): boolean {
  const left = Buffer.from(given)
  const right = Buffer.from(wanted)
  return left.length === right.length && timingSafeEqual(left, right)
}
