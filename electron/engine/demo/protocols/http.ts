/** HTTP/1.1 messages (RFC 9112). */
import type { Micros } from '../../../../shared/model/time.ts'
import { joined, text, type Payload } from '../payload.ts'
import type { FileObject } from '../transactions.ts'

export interface HttpBody {
  readonly payload: Payload
  readonly type: string
  readonly file: FileObject | null
  /** Readable text of it, where the sensor keeps that. */
  readonly printable?: string
}
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly userAgent: string
  readonly referrer?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: HttpBody
}
export interface HttpResponse {
  readonly status: number
  readonly server: string
  readonly body?: HttpBody
  readonly headers?: readonly (readonly [string, string])[]
}

export const REASONS: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 304: 'Not Modified', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden',
  404: 'Not Found', 500: 'Internal Server Error',
} // prettier-ignore

const lines = (first: string, headers: readonly (readonly [string, string])[]): string =>
  [first, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')

export function requestPayload(host: string, port: number, request: HttpRequest): Payload {
  const headers: (readonly [string, string])[] = [['Host', port === 80 ? host : `${host}:${port}`], ['User-Agent', request.userAgent], ['Accept', '*/*']] // prettier-ignore
  if (request.referrer !== undefined) headers.push(['Referer', request.referrer])
  headers.push(...(request.headers ?? []))
  if (request.body) headers.push(['Content-Type', request.body.type], ['Content-Length', String(request.body.payload.length)])
  const head = text(lines(`${request.method} ${request.url} HTTP/1.1`, headers))
  return request.body ? joined(head, request.body.payload) : head
}

export function responsePayload(at: Micros, response: HttpResponse): Payload {
  const headers: (readonly [string, string])[] = [['Date', new Date(Math.floor(at / 1000)).toUTCString()], ['Server', response.server], ...(response.headers ?? [])] // prettier-ignore
  const empty = response.status === 204 || response.status === 304
  if (response.body) headers.push(['Content-Type', response.body.type])
  if (!empty) headers.push(['Content-Length', String(response.body?.payload.length ?? 0)])
  const head = text(lines(`HTTP/1.1 ${response.status} ${REASONS[response.status] ?? 'Unknown'}`, headers))
  return response.body ? joined(head, response.body.payload) : head
}
