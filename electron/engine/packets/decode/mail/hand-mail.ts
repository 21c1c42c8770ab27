/** A mail that was put together, handed to the decoder of mails and, where it is wanted, out as an object. */
import { headerValue, mailHeaders } from './mail-head.ts'
import type { Facts } from '../define.ts'

export function handMail(mail: Uint8Array, host: string, complete: boolean, out: Facts): void {
  if (mail.length === 0) return
  out.inner('imf', mail, 0, mail.length)
  if (!out.wantsObjects) return
  const { headers } = mailHeaders(mail, 0, mail.length)
  const subject = headerValue(headers, 'subject')
  out.object({
    kind: 'imf',
    host,
    name: `${subject === '' ? 'mail' : subject}.eml`,
    type: 'message/rfc822',
    bytes: mail.slice(),
    complete,
  })
}
