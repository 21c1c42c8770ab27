import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment, type Said } from '../define.ts'
import type { TransferredFile } from '../transferred-file.ts'

/** Requests of one flow that wait for their responses. */
const MOST_WAITING = 256

/** What a message's head said. */
interface Head {
  kind: '' | 'request' | 'response'
  method: string
  target: string
  version: string
  code: number
  phrase: string
  length: number
  chunked: boolean
  readonly headers: Map<string, string>
}
interface Transaction {
  readonly at: Moment
  readonly flow: FlowName
  readonly depth: number
  request: Head | null
  response: Head | null
  /** Response before the response. */
  info: Head | null
  sent: TransferredFile | null
  received: TransferredFile | null
}
interface HttpState {
  depth: number
  readonly waiting: Transaction[]
  /** The latest request; its body may be still to come. */
  latest: Transaction | null
  /** Its response has begun, and its body is still to come. */
  open: Transaction | null
}

const fresh = (): Head => ({
  kind: '', method: '', target: '', version: '', code: 0, phrase: '', length: -1, chunked: false, headers: new Map(),
}) // prettier-ignore
const HEADERS = new Set([
  'http.host', 'http.user_agent', 'http.referer', 'http.content_type', 'http.authbasic', 'http.x_forwarded_for', 'http.server', 'http.location', 'http.transfer_encoding',
]) // prettier-ignore

/** Heads in the order in which they stand in the packet: a head is over where the next one begins. */
function heads(said: Said): Head[] {
  const found: Head[] = []
  let one = fresh()
  for (const fact of said.facts) {
    const field = nameOf(fact)
    if (!field.startsWith('http.')) continue
    const begins = field === 'http.request' || field === 'http.response'
    const said = field.startsWith('http.re') && (field.startsWith('http.request.') || field.startsWith('http.response'))
    if (one.kind !== '' && (begins || !said)) {
      found.push(one)
      one = fresh()
    }
    switch (field) {
      case 'http.request':
        one.kind = 'request'
        break
      case 'http.response':
        one.kind = 'response'
        break
      case 'http.request.method':
        one.method = textOf(fact)
        break
      case 'http.request.uri':
        one.target = textOf(fact)
        break
      case 'http.request.version':
      case 'http.response.version':
        one.version = textOf(fact).replace(/^HTTP\//i, '')
        break
      case 'http.response.code':
        one.code = numberOf(fact)
        break
      case 'http.response.phrase':
        one.phrase = textOf(fact)
        break
      case 'http.content_length':
        one.length = numberOf(fact)
        break
      default:
        if (!HEADERS.has(field)) break
        if (field === 'http.transfer_encoding') one.chunked = /chunked/i.test(textOf(fact))
        if (!one.headers.has(field)) one.headers.set(field, textOf(fact))
    }
  }
  if (one.kind !== '') found.push(one)
  return found
}

function say({ at, flow, depth, request, response, info, sent, received }: Transaction, emit: Emit): void {
  const of = (name: string): string | undefined => request?.headers.get(name)
  const user = of('http.authbasic')
  emit('http', at, flow, {
    trans_depth: depth,
    method: request?.method,
    host: (of('http.host') ?? hostOf(request)).replace(/:\d+$/, ''),
    uri: request?.target,
    referrer: of('http.referer'),
    version: (request ?? response)?.version,
    user_agent: of('http.user_agent'),
    request_body_len: request !== null && request.length >= 0 ? request.length : (sent?.size ?? 0),
    response_body_len: received?.size ?? (request?.method === 'HEAD' ? 0 : Math.max(0, response?.length ?? 0)),
    status_code: response?.code,
    status_msg: response?.phrase,
    info_code: info?.code,
    info_msg: info?.phrase,
    // The password is not repeated.
    username: user?.split(':', 1)[0],
    proxied: of('http.x_forwarded_for') && [`X-FORWARDED-FOR -> ${of('http.x_forwarded_for')}`],
    location: response?.headers.get('http.location'),
    server_software: response?.headers.get('http.server'),
    orig_fuids: sent && [sent.id],
    orig_filenames: sent !== null && sent.name !== '' && sent.name !== lastPart(request?.target ?? '') ? [sent.name] : undefined,
    orig_mime_types: sent && sent.type !== '' ? [sent.type] : undefined,
    resp_fuids: received && [received.id],
    resp_mime_types: typesOf(received, response),
  })
}
/** Without a Host header: of a target that names one. */
const hostOf = (request: Head | null): string =>
  request === null
    ? ''
    : request.method === 'CONNECT'
      ? request.target
      : (/^[a-z]+:\/\/([^/?#]{1,255})/i.exec(request.target)?.[1] ?? '')
/** A body that has no name of its own has its target's. */
function lastPart(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? ''
  return path.slice(path.lastIndexOf('/') + 1)
}
function typesOf(received: TransferredFile | null, response: Head | null): string[] | undefined {
  const stated = response?.headers.get('http.content_type')?.split(';', 1)[0]?.trim().toLowerCase()
  const type = received?.type || (received === null && (response?.length ?? 0) > 0 ? stated : '')
  return type ? [type] : undefined
}

const hasBody = (head: Head, asked: Head | null | undefined): boolean =>
  head.kind === 'request'
    ? head.length > 0 || head.chunked
    : head.length !== 0 && head.code >= 200 && head.code !== 204 && head.code !== 304 && asked?.method !== 'HEAD'

/** A request and its response are one event, said when the response is there with its body. */
export default defineLog<HttpState>({
  id: 'http',
  protocols: ['http'],
  begin: () => ({ depth: 0, waiting: [], latest: null, open: null }),
  take(said, state, emit) {
    const files = said.files.filter(({ kind }) => kind === 'http')
    const found = heads(said)
    // The end of a body whose head came before.
    if (found.length === 0 && files[0] !== undefined) {
      if (said.direction === 0 && state.latest !== null) state.latest.sent ??= files[0]
      else if (said.direction === 1 && state.open !== null) {
        state.open.received ??= files[0]
        say(state.open, emit)
        state.open = null
      }
      return
    }
    let next = 0
    for (const head of found) {
      if (head.kind === 'request') {
        const one: Transaction = {
          at: said.at, flow: said.flow, depth: ++state.depth, request: head, response: null, info: null, received: null,
          sent: hasBody(head, null) ? (files[next++] ?? null) : null,
        } // prettier-ignore
        state.waiting.push(one)
        state.latest = one
        const oldest = state.waiting.length > MOST_WAITING ? state.waiting.shift() : undefined
        if (oldest !== undefined) say(oldest, emit)
        continue
      }
      if (head.code >= 100 && head.code < 200 && head.code !== 101) {
        const [first] = state.waiting
        if (first !== undefined) first.info = head
        continue
      }
      if (state.open !== null) say(state.open, emit)
      state.open = null
      const one = state.waiting.shift() ?? {
        at: said.at, flow: said.flow, depth: ++state.depth, request: null, response: null, info: null, sent: null, received: null,
      } // prettier-ignore
      one.response = head
      if (hasBody(head, one.request)) one.received = files[next++] ?? null
      if (one.received === null && head.chunked) state.open = one
      else say(one, emit)
    }
  },
  end(state, emit) {
    if (state.open !== null) say(state.open, emit)
    for (const one of state.waiting) say(one, emit)
    state.open = null
    state.waiting.length = 0
  },
})
