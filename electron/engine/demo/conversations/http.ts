/** One HTTP connection with its requests. */
import type { Micros } from '../../../../shared/model/time.ts'
import type { Flow, Signature } from '../flow.ts'
import { REASONS, requestPayload, responsePayload, type HttpRequest, type HttpResponse } from '../protocols/http.ts'
import type { Scene } from '../scene.ts'
import type { HttpTransaction } from '../transactions.ts'
import type { Host } from '../world.ts'

export interface Exchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  /** Microseconds before it is asked, and before it is answered. */
  readonly think: number
  readonly work: number
  /** Signatures that match in the request, and in the answer. */
  readonly asked?: Signature
  readonly replied?: Signature
}

export interface HttpResult {
  readonly flow: Flow
  readonly transactions: readonly HttpTransaction[]
}

export function httpConnection(
  scene: Scene,
  client: Host,
  server: Host,
  at: Micros,
  host: string,
  exchanges: readonly Exchange[],
  port = 80,
  pace?: number,
): HttpResult {
  const tcp = scene.tcp(client, server, port, at, pace)
  const { say } = tcp
  say.open()
  const transactions: HttpTransaction[] = []
  exchanges.forEach(({ request, response, think, work, asked, replied }, i) => {
    const sent = say.client(requestPayload(host, port, request), think)
    const answer = say.server(responsePayload(sent.last + work, response), work)
    const transaction: HttpTransaction = {
      kind: 'http',
      at: sent.first,
      requested: sent.last,
      answered: answer.first,
      end: answer.last,
      depth: i + 1,
      method: request.method,
      host,
      port,
      url: request.url,
      userAgent: request.userAgent,
      referrer: request.referrer ?? null,
      requestType: request.body?.type ?? null,
      contentType: response.body?.type.split(';')[0] ?? null,
      status: response.status,
      reason: REASONS[response.status] ?? 'Unknown',
      requestLength: request.body?.payload.length ?? 0,
      length: response.body?.payload.length ?? 0,
      sent: request.body?.file ?? null,
      received: response.body?.file ?? null,
      printable: response.body?.printable ?? null,
      sentPrintable: request.body?.printable ?? null,
    }
    transactions.push(transaction)
    tcp.transactions.push(transaction)
    if (asked) tcp.hits.push({ at: sent.last, signature: asked, toServer: true, transaction })
    if (replied) tcp.hits.push({ at: answer.last, signature: replied, toServer: false, transaction })
  })
  say.close(scene.random.int(1_000, 4_000_000))
  return { flow: tcp.over('http'), transactions }
}
