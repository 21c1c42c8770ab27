import { defineDecoder, type Facts, type Message } from '../define.ts'
import { CONTENT_LAYERS } from '../http/body.ts'
import { HTTP_FIELDS } from '../http/fields.ts'
import { beginHttp, fresh, head, httpLength, type HttpFlow } from '../http/framing.ts'
import { beginsHttp } from '../http/head.ts'
import { changesTo, readBody, readHead, readObject, type Waiting } from '../http/message.ts'
import { firstPiece, nextPiece, tell } from '../http/pieces.ts'

/** Reads the head again where another was read since. */
function headOf({ data, from, to }: Message): boolean {
  if (!fresh.value || head.data !== data || head.from !== from) head.read(data, from, to)
  fresh.value = false
  return head.end > 0
}

function readMessage({ data, to }: Message, flow: HttpFlow, out: Facts): Waiting {
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
    const { data, to, direction } = m
    const piece = flow.piece[direction]
    const going = flow.chunked[direction]
    if (going !== null && piece !== 'whole' && piece !== 'first') return nextPiece(m, flow, going, piece === 'last', out)
    if (flow.lost !== null) {
      tell(flow, flow.lost, out)
      flow.lost = null
    }
    if (!headOf(m)) return out.malformed()
    if (piece === 'first' && going !== null) return firstPiece(m, head, going, out.wantsObjects)
    const of = readMessage(m, flow, out)
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
