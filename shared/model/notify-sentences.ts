/** What is said of messages that could not be sent; a part of `sentences.ts`. */
import type { SentenceForm } from './sentences.ts'

export const NOTIFY_SENTENCES = {
  host_unknown: { values: { host: 'text' }, english: 'no address is known for {{host}}' },
  connection_refused: { values: { place: 'text' }, english: '{{place}} refuses the connection' },
  host_unreachable: { values: { place: 'text' }, english: '{{place}} cannot be reached' },
  no_answer: { values: { place: 'text', seconds: 'number' }, english: '{{place}} did not answer within {{seconds}} s' },
  connection_lost: { values: { place: 'text' }, english: '{{place}} ended the connection' },
  certificate_refused: { values: { why: 'text' }, english: 'its certificate is not trusted: {{why}}' },
  tls_failed: { values: { why: 'text' }, english: 'TLS could not be set up: {{why}}' },
  starttls_missing: { values: {}, english: 'it offers no STARTTLS' },
  login_refused: { values: { answer: 'text' }, english: 'it refuses the login: {{answer}}' },
  login_missing: { values: {}, english: 'no password is set for the login' },
  mail_refused: { values: { answer: 'text' }, english: 'it refuses the mail: {{answer}}' },
  mail_deferred: { values: { answer: 'text' }, english: 'it takes the mail later: {{answer}}' },
  mail_protocol: { values: { answer: 'text' }, english: 'it does not speak SMTP as it should: {{answer}}' },
  secret_missing: { values: {}, english: 'no shared secret is set' },
  secrets_unreadable: { values: { why: 'text' }, english: 'the file of passwords cannot be read: {{why}}' },
  hook_status: { values: { status: 'number' }, english: 'it answered with status {{status}}' },
  hook_redirect: {
    values: { status: 'number' },
    english: 'it answered with a redirection ({{status}}), which is not followed',
  },
  authority_file: { values: { path: 'text', why: 'text' }, english: 'the file of authorities {{path}} cannot be used: {{why}}' },
  notify_queue_full: { values: { most: 'number' }, english: '{{most}} messages wait already, and no more are taken' },
  channel_off: { values: {}, english: 'the channel is off' },
} as const satisfies Record<string, SentenceForm>
