import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transport } from '../../../shared/rpc/transport.ts'
import { type LoopbackServer, sessionCookie, startLoopbackServer } from './loopback-server.ts'

const TOKEN = 'a-token-for-tests_nothing-that-opens-anything-else'
let folder: string
let server: LoopbackServer
const accepted: Transport[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-loopback-'))
  const renderer = join(folder, 'renderer')
  mkdirSync(join(renderer, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.json'), '{"secret":true}')
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>desk</title>')
  writeFileSync(join(renderer, 'assets', 'app-1a2b3c.js'), 'export {}')
  writeFileSync(join(renderer, 'assets', 'font-9f.woff2'), 'font')
  writeFileSync(join(renderer, '.env'), 'SECRET=1')
  const started = await startLoopbackServer({
    port: 0,
    token: TOKEN,
    rendererDir: renderer,
    accept: (transport) => void accepted.push(transport),
  })
  if (!started.ok) throw new Error(started.error.message)
  server = started.value
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    call.on('error', reject).end()
  })
}
const signedIn = (): Record<string, string> => ({ cookie: `other=1; ${sessionCookie(server.port, TOKEN)}` })
const own = (): string => `http://127.0.0.1:${server.port}`

function upgrade(headers: Record<string, string>, path = '/ws'): Promise<string> {
  const all = {
    Host: `127.0.0.1:${server.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  }
  return new Promise((resolve, reject) => {
    const socket = connectTcp(server.port, '127.0.0.1', () => {
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    })
    socket.once('data', (data) => {
      resolve(String(data).split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

describe('the loopback server', () => {
  it('listens on 127.0.0.1 only, and its link carries the token', async () => {
    expect(server.url).toBe(`${own()}/?token=${TOKEN}`)
    const elsewhere = await new Promise<string>((resolve) => {
      const socket = connectTcp(server.port, '127.0.0.2', () => resolve('connected'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    })
    expect(elsewhere).toBe('ECONNREFUSED')
  })

  it('exchanges the token for a cookie and cleans the address', async () => {
    const answer = await get(`/?token=${encodeURIComponent(TOKEN)}`)
    expect(answer.status).toBe(303)
    expect(answer.headers['location']).toBe('/')
    const [cookie] = answer.headers['set-cookie'] as string[]
    expect(cookie).toMatch(/^watchfloor-\d+=[\w-]{40,}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(cookie).not.toContain(TOKEN)
    expect((await get('/', { cookie: cookie?.split(';')[0] ?? '' })).body).toContain('desk')
  })

  it('gives nothing without the cookie, or for a wrong token or cookie', async () => {
    for (const path of ['/', '/assets/app-1a2b3c.js', '/nothing']) expect((await get(path)).status).toBe(401)
    expect((await get('/?token=wrong')).status).toBe(403)
    expect((await get(`/?token=${TOKEN}x`)).status).toBe(403)
    expect((await get('/?token=')).status).toBe(403)
    expect((await get('/', { cookie: sessionCookie(server.port, 'another') })).status).toBe(401)
    expect((await get('/', { cookie: sessionCookie(server.port + 1, TOKEN) })).status).toBe(401)
  })

  it('gives invitations that work once', async () => {
    const invitation = new URL(server.invite())
    expect(invitation.searchParams.get('token')).not.toBe(TOKEN)
    const path = `/${invitation.search}`
    const answer = await get(path)
    expect(answer.status).toBe(303)
    expect((answer.headers['set-cookie'] as string[])[0]).toContain(sessionCookie(server.port, TOKEN))
    expect((await get(path)).status).toBe(403)
    expect((await get(`/?token=${TOKEN}`)).status).toBe(303)
  })

  it('sends the page with its policy, and assets to be kept', async () => {
    const page = await get('/', signedIn())
    expect(page).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    })
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`)
    expect(policy).not.toContain('unsafe-eval')
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(page.headers['access-control-allow-origin']).toBeUndefined()
    const script = await get('/assets/app-1a2b3c.js', signedIn())
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    })
    expect((await get('/assets/font-9f.woff2', signedIn())).headers['content-type']).toBe('font/woff2')
    const head = await get('/', signedIn(), 'HEAD')
    expect(head).toMatchObject({ status: 200, body: '' })
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(page.body)))
  })

  it.each([
    '/../secret.json',
    '/..%2fsecret.json',
    '/%2e%2e/secret.json',
    '/assets/../../secret.json',
    '/..\\secret.json',
    '/.env',
    '/assets',
    '/assets/',
    '//secret.json',
    '/index.html%00.js',
    '/%',
    '/assets//app-1a2b3c.js',
  ])('gives nothing for %s', async (path) => {
    const answer = await get(path, signedIn())
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('secret')
  })

  it('does not answer to other names, nor to requests from other pages, nor to other methods', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1',
      `127.0.0.1:${server.port + 1}`,
      'localhost',
      `[::1]:${server.port}`,
    ]) {
      expect((await get('/', { ...signedIn(), host })).status, host).toBe(421)
      expect((await get(`/?token=${TOKEN}`, { host })).status, host).toBe(421)
    }
    expect((await get('/', { ...signedIn(), host: `localhost:${server.port}` })).status).toBe(200)
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${server.port + 1}`]) {
      expect((await get('/', { ...signedIn(), origin })).status, origin).toBe(403)
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect((await get('/', signedIn(), method)).status, method).toBe(405)
  })

  it('opens a socket only with name, origin, path and cookie right', async () => {
    const right = { ...signedIn(), Origin: own() }
    const before = accepted.length
    expect(await upgrade({ ...right, Host: 'evil.example' })).toContain('421')
    expect(await upgrade(signedIn())).toContain('403')
    expect(await upgrade({ ...right, Origin: 'https://evil.example' })).toContain('403')
    expect(await upgrade({ ...right, Origin: 'null' })).toContain('403')
    expect(await upgrade(right, '/other')).toContain('404')
    expect(await upgrade({ Origin: own() })).toContain('401')
    expect(await upgrade({ Origin: own(), cookie: sessionCookie(server.port, 'another') })).toContain('401')
    expect(accepted.length).toBe(before)
    expect(await upgrade(right)).toContain('101')
    expect(accepted.length).toBe(before + 1)
  })

  it('says which port is taken', async () => {
    const second = await startLoopbackServer({ port: server.port, rendererDir: folder, accept: () => {} })
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: `Port ${server.port} is taken by another program.` },
    })
  })
})
