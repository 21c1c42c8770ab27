/** Files that a mail (RFC 2045, RFC 2183) or a form (RFC 7578) carries: parts that have a name, or are no text. */
import { Buffer } from 'node:buffer'
import { latin1 } from '../decode/text.ts'
import { boundaryOf, headerValue, mailHeaders, mailParts, mediaType } from '../decode/mail/mail-head.ts'

export interface MailFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}
const MOST_DEPTH = 4
const MOST_FILES = 64

export function mailFiles(mail: Uint8Array): MailFile[] {
  const found: MailFile[] = []
  part(mail, 0, mail.length, 0, found)
  return found
}

/** Of a form's body, which begins with its boundary. Fields that are no files are none. */
export function formFiles(body: Uint8Array): MailFile[] {
  const found: MailFile[] = []
  const end = body.indexOf(10)
  if (end < 4 || end > 200 || body[0] !== 45 || body[1] !== 45) return found
  const boundary = latin1(body, 2, body[end - 1] === 13 ? end - 1 : end)
  for (const one of mailParts(body, 0, body.length, boundary)) part(body, one.from, one.to, MOST_DEPTH, found)
  return found.filter(({ name }) => name !== '')
}

function part(data: Uint8Array, from: number, to: number, depth: number, found: MailFile[]): void {
  if (depth > MOST_DEPTH || found.length >= MOST_FILES) return
  const { headers, body } = mailHeaders(data, from, to)
  const contentType = headerValue(headers, 'content-type')
  const type = mediaType(contentType)
  if (type.startsWith('multipart/')) {
    for (const one of mailParts(data, body, to, boundaryOf(contentType))) part(data, one.from, one.to, depth + 1, found)
    return
  }
  const name = parameter(headerValue(headers, 'content-disposition'), 'filename') || parameter(contentType, 'name')
  if (name === '' && (type === '' || type.startsWith('text/'))) return
  found.push({ name, type, bytes: decoded(data, body, to, headerValue(headers, 'content-transfer-encoding')) })
}

function parameter(header: string, name: string): string {
  const found = new RegExp(`[;\\s]${name}\\*?\\d?\\*?=(?:"([^"]{0,512})"|([^;\\s]{1,512}))`, 'i').exec(header)
  return found?.[1] ?? found?.[2] ?? ''
}

function decoded(data: Uint8Array, from: number, to: number, encoding: string): Uint8Array {
  // The line's end before a boundary belongs to the boundary.
  let end = to
  if (end > from && data[end - 1] === 10) end--
  if (end > from && data[end - 1] === 13) end--
  const bytes = Buffer.from(data.buffer, data.byteOffset + from, end - from)
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(bytes.toString('latin1'), 'base64')
    case 'quoted-printable':
      return Buffer.from(
        bytes
          .toString('latin1')
          .replace(/=\r?\n/g, '')
          .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      )
    default:
      return Uint8Array.from(bytes)
  }
}
