/** Requests of HTTP with their answers as sensors wrote them: EVE, Zeek, access logs of servers. */
import { fieldOctets, type Octets } from '../octets.ts'
import type { CaseEvent, Exchange } from '../case.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** The bytes of a field that is base64 in the record, or else of the one that holds what was printable of them. */
function octetsOf({ id, fields }: CaseEvent, encoded: string, printable: string): Octets | null {
  const base64 = text(fields[encoded])
  if (base64 !== '' && /^[A-Za-z0-9+/=\s]+$/.test(base64)) return fieldOctets(id, encoded, Buffer.from(base64, 'base64'))
  const plain = text(fields[printable])
  return plain === '' ? null : fieldOctets(id, printable, plain)
}

/** Null where the event tells of no request. */
export function sensorExchange(event: CaseEvent, own: boolean): Exchange | null {
  const { fields, time, id } = event
  const url = text(fields['http.url'])
  if (url === '') return null
  // What an alert was raised on may be the server's packet: the client is the other end then.
  const reverse = fields['net.direction'] === 'to_client'
  const [source, destination] = [text(fields['src.ip']), text(fields['dst.ip'])]
  const port = number(fields[reverse ? 'src.port' : 'dst.port'])
  const contentType = text(fields['http.content_type'])
  return {
    time,
    client: reverse ? destination : source,
    server: reverse ? source : destination,
    method: text(fields['http.method']),
    host: text(fields['http.host']) || (port === null ? '' : `:${port}`),
    url,
    userAgent: text(fields['http.user_agent']),
    request: null,
    requestBody: octetsOf(event, 'http.http_request_body', 'http.http_request_body_printable'),
    status: number(fields['http.status']),
    contentType,
    length: number(fields['http.length']),
    headers: {
      ...(contentType === '' ? {} : { 'content-type': contentType }),
      ...(text(fields['http.redirect']) === '' ? {} : { location: text(fields['http.redirect']) }),
    },
    body: octetsOf(event, 'http.http_response_body', 'http.http_response_body_printable'),
    cites: [{ kind: 'event', event: id }],
    own,
  }
}

/** A payload that an IDS wrote beside its alert, as what was sent or answered. */
export function alertPayload(event: CaseEvent): { readonly octets: Octets; readonly answer: boolean } | null {
  const octets = octetsOf(event, 'payload', 'payload_printable')
  return octets === null ? null : { octets, answer: event.fields['net.direction'] === 'to_client' }
}

const sameUrl = (a: Exchange, b: Exchange): boolean => a.url === b.url && a.method === b.method

/**
 * What packets and sensors tell of the same requests, once each: packets have the bytes, sensors say which of them the alert was
 * raised on.
 */
export function joinExchanges(fromPackets: readonly Exchange[], fromSensors: readonly Exchange[]): Exchange[] {
  const joined = [...fromPackets]
  const taken = new Set<number>()
  // Own ones first: a flow may have asked for the same twice.
  for (const told of [...fromSensors].sort((a, b) => Number(b.own) - Number(a.own))) {
    const at = joined.findIndex(
      (one, i) => !taken.has(i) && sameUrl(one, told) && one.client === told.client && one.server === told.server,
    )
    const twin =
      at < 0
        ? joined.findIndex((one) => sameUrl(one, told) && one.client === told.client && Math.abs(one.time - told.time) < 2e6)
        : at
    const known = twin < 0 ? undefined : joined[twin]
    if (known === undefined) {
      joined.push(told)
      taken.add(joined.length - 1)
      continue
    }
    taken.add(twin)
    joined[twin] = {
      ...known,
      time: known.time === 0 ? told.time : known.time,
      host: known.host || told.host,
      status: known.status ?? told.status,
      length: known.length ?? told.length,
      contentType: known.contentType || told.contentType,
      requestBody: known.requestBody ?? told.requestBody,
      body: known.body ?? told.body,
      cites: [...known.cites, ...told.cites],
      own: known.own || told.own,
    }
  }
  return joined.sort((a, b) => a.time - b.time)
}
