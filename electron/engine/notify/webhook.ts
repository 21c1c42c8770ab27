/**
 * Sends a message to a webhook: POST of JSON, signed. `X-Watchfloor-Signature: v1=<hex>` is the HMAC-SHA256, with the shared secret, of
 * the value of `X-Watchfloor-Timestamp` (Unix seconds), a full stop, and the body. `X-Watchfloor-Message` is the same in each attempt, so
 * that who receives can tell a message that comes again.
 */
import { createHmac } from 'node:crypto'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { WebhookSettings } from '../../../shared/model/notification.ts'
import { say } from '../../../shared/model/sentence.ts'
import { VERSION } from '../version.ts'
import {
  answerLine,
  channelOutcome,
  connectionProblem,
  PATIENCE,
  readAuthorities,
  type Outcome,
  type Patience,
} from './outcome.ts'

/** Of an answer so much is read; its status decides, the rest is only shown. */
const MOST_ANSWER_BYTES = 16 * 1024
/** What says that this body will never be taken (RFC 9110): everything else may be another time. */
const NEVER: ReadonlySet<number> = new Set([400, 406, 411, 413, 414, 415, 422, 431])

/** `at` in Unix seconds. */
export const webhookSignature = (secret: string, at: number, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`

export async function sendWebhook(
  settings: WebhookSettings,
  secret: string | null,
  message: { readonly reference: string; readonly payload: string },
  signal: AbortSignal,
  now: number,
  patience: Patience = PATIENCE,
): Promise<Outcome> {
  if (secret === null) return channelOutcome(say('secret_missing'))
  const url = new URL(settings.url)
  let ca: string | undefined
  if (settings.ca !== null) {
    const read = await readAuthorities(settings.ca)
    if (!read.ok) return channelOutcome(read.error)
    ca = read.value
  }
  const at = Math.floor(now / 1000)
  const body = Buffer.from(message.payload, 'utf8')
  const secure = url.protocol === 'https:'
  const whole = AbortSignal.timeout(patience.whole)
  const slow = (milliseconds: number): Outcome =>
    channelOutcome(say('no_answer', { place: url.host, seconds: milliseconds / 1000 }))
  return new Promise<Outcome>((resolve) => {
    const sent = (secure ? requestSecure : requestPlain)(
      url,
      {
        method: 'POST',
        agent: false,
        timeout: patience.silent,
        signal: AbortSignal.any([signal, whole]),
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': body.length,
          'User-Agent': `Watchfloor/${VERSION}`,
          'X-Watchfloor-Message': message.reference,
          'X-Watchfloor-Timestamp': String(at),
          'X-Watchfloor-Signature': webhookSignature(secret, at, message.payload),
        },
        ...(secure
          ? {
              rejectUnauthorized: !settings.acceptAnyCertificate,
              minVersion: 'TLSv1.2' as const,
              ...(ca === undefined ? {} : { ca }),
            }
          : {}),
      },
      (answer) => {
        const status = answer.statusCode ?? 0
        const parts: Buffer[] = []
        let bytes = 0
        const end = (): void => {
          answer.destroy()
          resolve(outcomeOf(status, Buffer.concat(parts).subarray(0, MOST_ANSWER_BYTES).toString('utf8')))
        }
        answer.on('data', (part: Buffer) => {
          parts.push(part)
          bytes += part.length
          if (bytes >= MOST_ANSWER_BYTES) end()
        })
        answer.once('end', end)
        // The status has come; a body that breaks off changes nothing of it.
        answer.once('error', end)
        answer.once('aborted', end)
      },
    )
    let silent = false
    sent.once('timeout', () => {
      silent = true
      sent.destroy()
    })
    sent.once('error', (error) => {
      if (whole.aborted) resolve(slow(patience.whole))
      else if (silent) resolve(slow(patience.silent))
      else
        resolve(
          channelOutcome(
            connectionProblem(error, url.host, url.hostname, patience.silent / 1000) ??
              say('unexpected', { text: answerLine(error.message) }),
          ),
        )
    })
    sent.end(body)
  })
}

function outcomeOf(status: number, text: string): Outcome {
  const answer = answerLine(`${status} ${text}`)
  if (status >= 200 && status < 300) return { kind: 'sent', answer }
  if (status >= 300 && status < 400) return channelOutcome(say('hook_redirect', { status }), answer)
  const problem = say('hook_status', { status })
  return NEVER.has(status) ? { kind: 'message', again: false, problem, answer } : channelOutcome(problem, answer)
}
