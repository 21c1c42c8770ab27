/** Sends a message as a mail (RFC 5321, RFC 3207 for STARTTLS, RFC 8314 for TLS from the start, RFC 4954 for logins). */
import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { SmtpSettings } from '../../../shared/model/notification.ts'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import type { QueuedMessage } from '../store/desk-messages.ts'
import {
  answerLine,
  channelOutcome,
  connectionProblem,
  PATIENCE,
  readAuthorities,
  type Outcome,
  type Patience,
} from './outcome.ts'

/** What of a message a mail is made of. */
export type Mail = Pick<
  QueuedMessage,
  'to' | 'kind' | 'language' | 'subject' | 'text' | 'html' | 'about' | 'reference' | 'created'
>

interface MailerError extends Error {
  readonly code?: string
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

/** `host:port`, with brackets around an IPv6 address. */
export const placeOf = ({ host, port }: Pick<SmtpSettings, 'host' | 'port'>): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`

/** The Message-ID that a reference stands for. */
export const messageIdOf = (reference: string): string => `<${reference}>`

export async function sendMail(
  settings: SmtpSettings,
  password: string | null,
  mail: Mail,
  signal: AbortSignal,
  patience: Patience = PATIENCE,
): Promise<Outcome> {
  if (settings.user !== null && password === null) return channelOutcome(say('login_missing'))
  let ca: string | undefined
  if (settings.ca !== null) {
    const read = await readAuthorities(settings.ca)
    if (!read.ok) return channelOutcome(read.error)
    ca = read.value
  }
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    ...(settings.user === null ? {} : { auth: { user: settings.user, pass: password ?? '' } }),
    tls: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: !settings.acceptAnyCertificate,
      ...(ca === undefined ? {} : { ca }),
    },
    connectionTimeout: patience.connect,
    greetingTimeout: patience.connect,
    dnsTimeout: patience.connect,
    socketTimeout: patience.silent,
    maxResponseSize: 64 * 1024,
    allowInternalNetworkInterfaces: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const whole = AbortSignal.timeout(patience.whole)
  const domain = settings.sender.slice(settings.sender.lastIndexOf('@') + 1)
  try {
    const info = await transport.sendMail({
      from: { name: settings.senderName, address: settings.sender },
      to: mail.to.map((address) => ({ name: '', address })),
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      date: new Date(mail.created),
      messageId: messageIdOf(mail.reference),
      // What is said of one incident is one conversation.
      ...(mail.about.incident === null ? {} : { references: `<${mail.about.incident}.watchfloor@${domain}>` }),
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language, 'X-Watchfloor-Kind': mail.kind },
      signal: AbortSignal.any([signal, whole]),
    })
    return { kind: 'sent', answer: answerLine(info.response) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return outcomeOf(error as MailerError, settings, patience, whole.aborted)
  } finally {
    transport.close()
  }
}

function outcomeOf(error: MailerError, settings: SmtpSettings, patience: Patience, tookTooLong: boolean): Outcome {
  const place = placeOf(settings)
  const answer = answerLine(error.response ?? '')
  const channel = (problem: Sentence): Outcome => ({ kind: 'channel', problem, answer })
  const slow = (milliseconds: number): Outcome => channel(say('no_answer', { place, seconds: milliseconds / 1000 }))
  if (tookTooLong) return slow(patience.whole)
  const { code, responseCode } = error
  if (code === 'ETIMEDOUT') return slow(error.command === 'CONN' ? patience.connect : patience.silent)
  if (code === 'EAUTH') return channel(say('login_refused', { answer: answer || answerLine(error.message) }))
  if (code === 'ENOAUTH') return channel(say('login_missing'))
  if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode === undefined && answer === '')
    return { kind: 'message', again: false, problem: say('mail_refused', { answer: answerLine(error.message) }), answer }
  if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined) {
    // 421: the whole service goes away; 530: it wants a login or TLS before anything else (RFC 5321 3.8, RFC 4954 6).
    if (responseCode === 421) return channel(say('mail_deferred', { answer }))
    if (responseCode === 530) return channel(say('login_refused', { answer }))
    return responseCode >= 500 && responseCode !== 503
      ? { kind: 'message', again: false, problem: say('mail_refused', { answer }), answer }
      : { kind: 'message', again: true, problem: say('mail_deferred', { answer }), answer }
  }
  const problem = connectionProblem(error, place, settings.host, patience.connect / 1000)
  if (problem !== null) return channel(problem)
  if (code === 'ETLS')
    return channel(
      /STARTTLS/i.test(error.command ?? '') && responseCode !== undefined
        ? say('starttls_missing')
        : say('tls_failed', { why: answerLine(error.message) }),
    )
  if (code === 'EDNS') return channel(say('host_unknown', { host: settings.host }))
  if (code === 'EPROTOCOL') return channel(say('mail_protocol', { answer: answer || answerLine(error.message) }))
  if (code === 'ECONNECTION' || code === 'ESOCKET') return channel(say('connection_lost', { place }))
  return channel(say('unexpected', { text: answerLine(error.message) }))
}
