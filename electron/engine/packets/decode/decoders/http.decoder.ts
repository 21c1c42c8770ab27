import { defineDecoder, type Facts, type Message } from '../define.ts'
import { CONTENT_LAYERS } from '../http/body.ts'
import { HTTP_FIELDS } from '../http/fields.ts'
import { beginHttp, fresh, head, httpLength, type Chunked, type HttpFlow } from '../http/framing.ts'
import { beginsHttp, HttpHead } from '../http/head.ts'
import { changesTo, readBody, readHead, readObject, type Waiting } from '../http/message.ts'

/** Raw bytes of one chunked body that are held for its object. */
const MOST_HELD = 64 << 20

/** A piece of a chunked body. */
function readPiece(m: Message, flow: HttpFlow, going: Chunked, last: boolean, out: Facts): void {
  if (out.wantsObjects && going.held + m.to - m.from <= MOST_HELD) {
    going.pieces.push(m.data.slice(m.from, m.to))
    going.held += m.to - m.from
  }
  if (!last) return
  flow.chunked[m.direction] = null
  out.layer('http')
  if (!out.wantsObjects || going.head === null || going.of === null) return
  const own = new HttpHead()
  own.read(going.head, 0, going.head.length)
  readObject(own, going.head, Buffer.concat(going.pieces), true, going.of, out)
}

function readMessage(m: Message, flow: HttpFlow, out: Facts): Waiting | null {
  const { data, from, to } = m
  if (!fresh.value || head.data !== data || head.from !== from) head.read(data, from, to)
  fresh.value = false
  if (head.end <= 0) {
    out.malformed()
    return null
  }
  const of = readHead(head, data, flow.waiting, out)
  readBody(head, data, head.end, to, out)
  return of
}

export default defineDecoder<HttpFlow>({
  id: 'http',
  title: 'HTTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc9112',
  doc: 'Requests and responses of HTTP/1 with the usual headers, pipelined or not; bodies by length, by chunks, or to the end. What is inside a body is named by its content type. Bodies are decoded when objects are exported.',
  on: [{ table: 'tcpPort', keys: [80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710] }],
  also: CONTENT_LAYERS,
  fields: HTTP_FIELDS,
  begin: beginHttp,
  stream: { length: httpLength },
  guess: (data, from, to, transport) => transport === 'tcp' && beginsHttp(data, from, to),
  message(m, flow, out) {
    const { data, from, to, direction } = m
    const piece = flow.piece[direction]
    const going = flow.chunked[direction]
    if (going !== null && piece !== 'whole' && piece !== 'first') return readPiece(m, flow, going, piece === 'last', out)
    const of = readMessage(m, flow, out)
    if (of === null) return
    if (piece === 'first' && going !== null) {
      if (!out.wantsObjects) return
      going.head = data.slice(from, head.end)
      going.of = of
      going.pieces.push(data.slice(head.end, to))
      going.held = to - head.end
      return
    }
    if (out.wantsObjects) readObject(head, data, data.subarray(head.end, to), m.to - m.from >= m.length, of, out)
    if (head.request) return
    const next = changesTo(head, data, of)
    if (next !== null) out.become(next, true)
  },
  examples: [
    {
      name: 'a form, and the answer in chunks',
      messages: {
        transport: 'tcp',
        port: 80,
        sent: [
          {
            by: 0,
            text: 'POST /login?next=1 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: made/1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nuser=a',
          },
          {
            by: 1,
            text: 'HTTP/1.1 200 OK\r\nServer: made\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>hi\r\n0\r\n\r\n',
          },
        ],
      },
      expect: {
        stack: 'http:data-text-lines',
        line: 'HTTP/1.1 200 OK (text/html)',
        facts: {
          'http.request.method': 'POST',
          'http.request.uri': '/login?next=1',
          'http.request.full_uri': 'http://www.example.com/login?next=1',
          'http.host': 'www.example.com',
          'http.response.code': 200,
          'http.response_for.uri': 'http://www.example.com/login?next=1',
        },
      },
    },
    {
      name: 'a head without a body, and two requests in one segment',
      messages: {
        transport: 'tcp',
        port: 8080,
        sent: [
          {
            by: 0,
            text: 'HEAD /a HTTP/1.1\r\nHost: a.example\r\n\r\nGET /b HTTP/1.1\r\nHost: b.example\r\nAuthorization: Basic dTpw\r\n\r\n',
          },
          { by: 1, text: 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n' },
          { by: 1, text: 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Type: image/png\r\n\r\nno' },
        ],
      },
      expect: {
        line: 'HTTP/1.1 404 Not Found (PNG)',
        facts: { 'http.request.uri': ['/a', '/b'], 'http.response.code': [200, 404], 'http.authbasic': 'u:p' },
      },
    },
  ],
})
