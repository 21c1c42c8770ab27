/** order.example.com on web-01: its pages, its form, and its access log. */
import type { Exchange } from './conversations/http.ts'
import { raw, utf8 } from './payload.ts'
import { png } from './png.ts'
import type { Scene } from './scene.ts'
import { syslog } from './system-logs.ts'
import type { HttpTransaction } from './transactions.ts'

export const SERVER = 'nginx/1.22.1'
export const VISITORS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
]

const page = (title: string, body: string): Uint8Array =>
  utf8(
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/css/site.css"></head>\n<body><header><img src="/img/logo.png" alt="Example Foods"></header><main>${body}</main></body></html>\n`,
  )

function answer(
  scene: Scene,
  method: string,
  url: string,
  userAgent: string,
  status: number,
  type: string,
  bytes: Uint8Array,
  referrer?: string,
): Exchange {
  const path = url.split('?')[0]!
  return {
    request: { method, url, userAgent, ...(referrer === undefined ? {} : { referrer }) },
    response: { status, server: SERVER, body: { payload: raw(bytes), type, file: scene.file(bytes, path, type.split(';')[0]!) } },
    think: scene.random.int(2_000, 900_000),
    work: scene.random.int(400, 60_000),
  }
}

export function browse(url: string, userAgent: string, scene: Scene, status = 200): Exchange {
  if (status === 404) return notFound(url, userAgent, scene)
  const dishes = Array.from(
    { length: scene.random.int(4, 20) },
    (_, i) =>
      `<li data-id="${i}">Dish ${scene.random.int(1, 80)} <b>${scene.random.int(3, 18)}.${scene.random.int(10, 99)}</b></li>`,
  ).join('\n')
  return answer(scene, 'GET', url, userAgent, status, 'text/html; charset=UTF-8', page('Example Foods', `<ul>\n${dishes}\n</ul>`))
}
export function asset(path: string, userAgent: string, scene: Scene): Exchange {
  const type = path.endsWith('.css') ? 'text/css' : path.endsWith('.js') ? 'application/javascript' : 'image/png'
  const bytes = type === 'image/png' ? png(path, 60 + path.length * 2) : utf8(`/* Example Foods: ${path} */\n`.repeat(24))
  return answer(scene, 'GET', path, userAgent, 200, type, bytes, 'http://order.example.com/')
}
export function notFound(url: string, userAgent: string, scene: Scene): Exchange {
  return answer(
    scene,
    'GET',
    url,
    userAgent,
    404,
    'text/html',
    utf8(
      '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
    ),
  )
}
/** The order form; `fields` is the urlencoded body. */
export function formPost(fields: string, userAgent: string, scene: Scene): Exchange {
  const body = utf8(fields)
  const bytes = page('Order received', `<p>Thank you. Your reference is ${scene.random.int(10_000, 99_999)}.</p>`)
  return {
    request: {
      method: 'POST',
      url: '/order.php',
      userAgent,
      referrer: 'http://order.example.com/menu.php',
      body: {
        payload: raw(body),
        type: 'application/x-www-form-urlencoded',
        file: scene.passingFile(body.length, null, 'application/x-www-form-urlencoded'),
      },
    },
    response: {
      status: 200,
      server: SERVER,
      body: { payload: raw(bytes), type: 'text/html; charset=UTF-8', file: scene.file(bytes, '/order.php', 'text/html') },
    },
    think: scene.random.int(500_000, 4_000_000),
    work: scene.random.int(8_000, 90_000),
  }
}

/** nginx writes its access log to syslog, in the combined format. */
export function accessLog(scene: Scene, client: string, transaction: HttpTransaction): void {
  const time = new Date(Math.floor(transaction.end / 1000))
  const month = time.toUTCString().slice(8, 11)
  const stamp = `${String(time.getUTCDate()).padStart(2, '0')}/${month}/${time.getUTCFullYear()}:${time.toISOString().slice(11, 19)} +0000`
  const line = `${client} - - [${stamp}] "${transaction.method} ${transaction.url} HTTP/1.1" ${transaction.status} ${transaction.length} "${transaction.referrer ?? '-'}" "${transaction.userAgent}"`
  syslog(scene, transaction.end + 90, scene.world.host('web-01'), 'nginx', null, 23, 6, line)
}
