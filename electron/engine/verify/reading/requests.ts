/** What was asked of the target and what it answered: exchanges of HTTP, or bare streams where there are none. */
import type { Cite } from '../../../../shared/model/impact.ts'
import type { Exchange, ImpactCase } from '../case.ts'
import { cite, type Octets } from '../octets.ts'
import { unescaped } from './forms.ts'

export interface Request {
  /** Microseconds. */
  readonly time: number
  readonly method: string
  /** Path and query as sent; '' of a stream. */
  readonly url: string
  /** Without the query, escapes undone. */
  readonly path: string
  /** Everything that was sent, escapes undone: path and query, body, head. */
  readonly said: string
  readonly sentBody: Octets | null
  /** Null where no answer is known. */
  readonly status: number | null
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly length: number | null
  readonly body: Octets | null
  readonly cites: readonly Cite[]
  /** The alert was raised on it, or on a request that is the same. */
  readonly own: boolean
  readonly exchange: Exchange | null
}

const MOST_HEAD = 16_384
const MOST_REQUESTS = 512

/** `a=b&c=d+e`: a plus is a blank there, as in a query. */
const isForm = (text: string): boolean => /^[\w.%[\]*~-]{1,128}=/.test(text)
const form = (text: string): string => unescaped(text.replaceAll('+', ' '))

export const pathOf = (url: string): string => {
  const end = url.search(/[?#]/)
  return unescaped(end < 0 ? url : url.slice(0, end))
}

function saidIn(exchange: Exchange): string {
  const { url, requestBody, request, userAgent } = exchange
  const query = url.indexOf('?')
  const parts = [query < 0 ? unescaped(url) : unescaped(url.slice(0, query)) + form(url.slice(query))]
  if (requestBody !== null) parts.push(isForm(requestBody.text) ? form(requestBody.text) : unescaped(requestBody.text))
  if (request !== null) {
    const end = request.text.indexOf('\r\n\r\n')
    parts.push(unescaped(request.text.slice(0, end < 0 ? MOST_HEAD : Math.min(end, MOST_HEAD))))
  } else parts.push(unescaped(userAgent))
  return parts.join('\n')
}

const saidBefore = new WeakMap<Exchange, string>()
function said(exchange: Exchange): string {
  const before = saidBefore.get(exchange)
  if (before !== undefined) return before
  const text = saidIn(exchange)
  saidBefore.set(exchange, text)
  return text
}

const keyOf = ({ method, url }: { readonly method: string; readonly url: string }): string => `${method} ${url}`
const known = new WeakMap<ImpactCase, readonly Request[]>()

/**
 * In the order in which they were gathered. The same request told by another sensor is the alert's own too. Where none is known to be
 * the alert's own, all are.
 */
export function requestsOf(of: ImpactCase): readonly Request[] {
  const before = known.get(of)
  if (before !== undefined) return before
  const own = new Set(of.exchanges.filter((exchange) => exchange.own).map(keyOf))
  const requests =
    of.exchanges.length === 0
      ? streams(of)
      : of.exchanges.slice(0, MOST_REQUESTS).map((exchange): Request => ({
          time: exchange.time,
          method: exchange.method,
          url: exchange.url,
          path: pathOf(exchange.url),
          said: said(exchange),
          sentBody: exchange.requestBody,
          status: exchange.status,
          contentType: exchange.contentType,
          headers: exchange.headers,
          length: exchange.length,
          body: exchange.body,
          cites: exchange.cites,
          own: own.size === 0 || exchange.own || own.has(keyOf(exchange)),
          exchange,
        }))
  known.set(of, requests)
  return requests
}

const streams = ({ conversations, alert }: ImpactCase): Request[] =>
  conversations.map(({ sent, answered }): Request => ({
    time: alert.first,
    method: '',
    url: '',
    path: '',
    said: unescaped(sent.text),
    sentBody: sent,
    status: null,
    contentType: '',
    headers: {},
    length: null,
    body: answered.text === '' ? null : answered,
    cites: answered.text === '' ? [] : [cite(answered, 0, answered.text.length)],
    own: true,
    exchange: null,
  }))

export const ownRequests = (of: ImpactCase): readonly Request[] => requestsOf(of).filter(({ own }) => own)

/**
 * What each of the alert's own requests was answered, request by request; null where the answer of one is not known. A request that
 * several sensors tell of is one.
 */
export function ownAnswers(of: ImpactCase): readonly (readonly Request[])[] | null {
  const groups = new Map<string, Request[]>()
  for (const request of ownRequests(of)) {
    if (request.exchange === null) return null
    const key = keyOf(request)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [request])
    else group.push(request)
  }
  const answers: Request[][] = []
  for (const group of groups.values()) {
    const answered = group.filter(({ status }) => status !== null)
    const open = group.length - answered.length
    if (answered.length === 0 || answered.length < open) return null
    answers.push(answered)
  }
  return answers.length === 0 ? null : answers
}

/** Cites of several requests, each once. */
export const citesOfAll = (requests: readonly Request[], most = 8): Cite[] => {
  const seen = new Map<string, Cite>()
  for (const { cites } of requests) for (const one of cites) if (seen.size < most) seen.set(JSON.stringify(one), one)
  return [...seen.values()]
}

/** HTML, or what a browser may take for it. */
export const isHtml = ({ contentType, body }: Pick<Request, 'contentType' | 'body'>): boolean =>
  /html|xml/i.test(contentType) ||
  (contentType === '' && /<(?:!doctype|html|body|head|div|p)\b/i.test(body?.text.slice(0, 2048) ?? ''))

/** A page made for people, whatever stands in it: sites answer with one where they have nothing else. */
export const isPage = (body: Octets | null): boolean =>
  /<(?:!doctype html|html|head|body)\b/i.test(body?.text.slice(0, 4096) ?? '')
