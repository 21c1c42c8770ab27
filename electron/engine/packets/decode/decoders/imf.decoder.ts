import { defineDecoder, type Facts } from '../define.ts'
import { contentOf, CONTENT_LAYERS } from '../http/body.ts'
import { boundaryOf, headerValue, mailHeaders, mailParts, mediaType } from '../mail/mail-head.ts'

/** Headers that are a field. */
const FIELDS: Readonly<Record<string, readonly [field: string, doc: string]>> = {
  date: ['imf.date', 'Date'],
  from: ['imf.from', 'From'],
  sender: ['imf.sender', 'Sender'],
  'reply-to': ['imf.reply_to', 'Reply to'],
  to: ['imf.to', 'To'],
  cc: ['imf.cc', 'Copy to'],
  bcc: ['imf.bcc', 'Blind copy to'],
  'message-id': ['imf.message_id', 'Message id'],
  'in-reply-to': ['imf.in_reply_to', 'In reply to'],
  references: ['imf.references', 'References'],
  subject: ['imf.subject', 'Subject, as it is written'],
  'user-agent': ['imf.user_agent', 'User agent'],
  'x-mailer': ['imf.ext.mailer', 'Mailer'],
  'return-path': ['imf.return_path', 'Return path'],
  received: ['imf.received', 'Received'],
  'content-type': ['imf.content.type', 'Content type'],
  'content-transfer-encoding': ['imf.content.transfer_encoding', 'Transfer encoding'],
}
const MOST_DEPTH = 4

/** Names what is in a body; gives what the line says of it. */
function content(data: Uint8Array, from: number, to: number, contentType: string, depth: number, out: Facts): string {
  const type = mediaType(contentType)
  if (type === '' || from >= to) return ''
  const { layer, line } = contentOf(type, data, from)
  if (type === 'message/rfc822') {
    out.inner('imf', data, from, to)
    return ''
  }
  out.layer(layer)
  if (layer !== 'mime_multipart') return line
  if (depth >= MOST_DEPTH) return ''
  const shown: string[] = []
  for (const part of mailParts(data, from, to, boundaryOf(contentType))) {
    const { headers, body } = mailHeaders(data, part.from, part.to)
    const text = content(data, body, part.to, headerValue(headers, 'content-type'), depth + 1, out)
    if (text !== '') shown.push(text)
  }
  return shown.join(' ')
}

export default defineDecoder({
  id: 'imf',
  title: 'IMF',
  spec: 'https://www.rfc-editor.org/rfc/rfc5322',
  doc: 'A mail as SMTP, POP or IMAP carries it: its headers, and what is in it and in its parts, by name.',
  on: [],
  also: [...CONTENT_LAYERS, 'data'],
  fields: Object.values(FIELDS).map(([name, doc]) => ({ name, type: 'text' as const, doc })),
  message(m, _, out) {
    const { data, from, to } = m
    const { headers, body } = mailHeaders(data, from, to)
    const shown: string[] = []
    for (const { name, value, at, length } of headers) {
      const field = FIELDS[name]?.[0]
      if (field !== undefined) out.fact(field, value, at, length)
      if (name === 'from' || name === 'subject') shown.push(`${name}: ${value}`)
    }
    const inside = content(data, body, to, headerValue(headers, 'content-type'), 0, out)
    out.line(inside === '' ? shown.join(', ') : `${shown.join(', ')} ${inside}`)
    out.protocol('IMF')
  },
  examples: [
    {
      name: 'a mail with two parts',
      messages: {
        transport: 'tcp',
        port: 25,
        sent: [
          { by: 1, text: '220 mx.example ESMTP\r\n' },
          { by: 0, text: 'DATA\r\n' },
          { by: 1, text: '354 go on\r\n' },
          {
            by: 0,
            text: 'From: Amy <amy@example.com>\r\nTo: bob@example.net\r\nSubject: two\r\n parts\r\nContent-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\n..hello\r\n--b1\r\nContent-Type: application/zip\r\n\r\nUEsD\r\n--b1--\r\n.\r\n',
          },
          { by: 1, text: '250 queued\r\n' },
        ],
      },
      expect: {
        facts: { 'imf.from': 'Amy <amy@example.com>', 'imf.to': 'bob@example.net', 'smtp.response.code': [220, 354, 250] },
      },
    },
  ],
})
