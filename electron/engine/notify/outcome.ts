/** What came of an attempt to send. */
import { readFile, stat } from 'node:fs/promises'
import { getSystemErrorName } from 'node:util'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { plainLine } from './plain-text.ts'

/**
 * `message`: the other side refuses this one; `again` says whether it may take it later. `channel`: nothing gets through at the moment, so
 * that there is no use in trying the others. `answer`: what the other side said last, on one line.
 */
export type Outcome =
  | { readonly kind: 'sent'; readonly answer: string }
  | { readonly kind: 'message'; readonly again: boolean; readonly problem: Sentence; readonly answer: string }
  | { readonly kind: 'channel'; readonly problem: Sentence; readonly answer: string }

export const channelOutcome = (problem: Sentence, answer = ''): Outcome => ({ kind: 'channel', problem, answer })
export const answerLine = (text: string): string => plainLine(text.trim(), 300)

/** How long is waited for what, in milliseconds. */
export interface Patience {
  readonly connect: number
  /** Without a sign of life. */
  readonly silent: number
  /** For all of it. */
  readonly whole: number
}
export const PATIENCE: Patience = { connect: 15_000, silent: 30_000, whole: 120_000 }

const MOST_CA_BYTES = 1 << 20

/** The authorities of a PEM file. */
export async function readAuthorities(path: string): Promise<Result<string, Sentence>> {
  const refused = (why: string): { readonly ok: false; readonly error: Sentence } => fail(say('authority_file', { path, why }))
  try {
    if ((await stat(path)).size > MOST_CA_BYTES) return refused(`> ${MOST_CA_BYTES} B`)
    const text = await readFile(path, 'utf8')
    return text.includes('-----BEGIN CERTIFICATE-----') ? ok(text) : refused('PEM?')
  } catch (error) {
    return refused(systemName(error) ?? 'error')
  }
}

/** `ECONNREFUSED`, for what the system says; null for other errors. */
export function systemName(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    // Where several addresses were tried, the first says as much as the others.
    if (at instanceof AggregateError && at.errors.length > 0) return systemName(at.errors[0])
    const { errno } = at as NodeJS.ErrnoException
    if (typeof errno !== 'number' || errno >= 0) continue
    try {
      return getSystemErrorName(errno)
    } catch {
      // Not a number of this system's.
    }
  }
  return null
}

/** What the system or TLS says of a connection, in a sentence; null where it is something else. */
export function connectionProblem(error: Error, place: string, host: string, seconds: number): Sentence | null {
  // The mailer takes codes of TLS away, so the text must do. OpenSSL's begins with a number of the thread.
  const text = error.message
  const ssl = /error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]*)/i.exec(text)
  if (ssl) return say('tls_failed', { why: answerLine(ssl[1] ?? '') })
  if (/certificate|altnames|self-signed/i.test(text))
    return say('certificate_refused', { why: answerLine(text.split(';')[0] ?? '') })
  const name = systemName(error)
  if (name === null) return /socket hang up/.test(text) ? say('connection_lost', { place }) : null
  if (name === 'ENOTFOUND' || name === 'ENODATA' || name.startsWith('EAI_')) return say('host_unknown', { host })
  if (name === 'ECONNREFUSED') return say('connection_refused', { place })
  if (name === 'EHOSTUNREACH' || name === 'ENETUNREACH' || name === 'EADDRNOTAVAIL') return say('host_unreachable', { place })
  if (name === 'ETIMEDOUT') return say('no_answer', { place, seconds })
  if (name === 'ECONNRESET' || name === 'EPIPE' || name === 'ECONNABORTED') return say('connection_lost', { place })
  return say('system_error', { errno: name })
}
