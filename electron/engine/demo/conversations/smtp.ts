/** A mail is handed over (RFC 5321). */
import type { Micros } from '../../../../shared/model/time.ts'
import type { Flow, Signature } from '../flow.ts'
import { joined, raw, text } from '../payload.ts'
import type { Scene } from '../scene.ts'
import type { FileObject } from '../transactions.ts'
import type { Host } from '../world.ts'

export interface Mail {
  readonly helo: string
  readonly banner: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly body: string
  readonly attachment?: { readonly name: string; readonly mime: string; readonly bytes: Uint8Array }
  readonly userAgent?: string
  readonly refused?: string
  readonly signature?: Signature
}

export function deliver(
  scene: Scene,
  client: Host,
  server: Host,
  at: Micros,
  mail: Mail,
): { flow: Flow; end: Micros; queueId: string } {
  const { random } = scene
  const tcp = scene.tcp(client, server, 25, at)
  const { say } = tcp
  const queueId = random.hex(10).toUpperCase()
  const quick = (): number => random.int(200, 9_000)
  say.open()
  say.server(text(`220 ${mail.banner} ESMTP\r\n`), quick())
  const helo = say.client(text(`EHLO ${mail.helo}\r\n`), quick())
  say.server(text(`250-${mail.banner}\r\n250-PIPELINING\r\n250-SIZE 26214400\r\n250 8BITMIME\r\n`), quick())
  const began = say.client(text(`MAIL FROM:<${mail.from}>\r\n`), quick()).first
  say.server(text('250 2.1.0 Ok\r\n'), quick())
  for (const to of mail.to) {
    say.client(text(`RCPT TO:<${to}>\r\n`), quick())
    say.server(text(mail.refused === undefined ? '250 2.1.5 Ok\r\n' : `${mail.refused}\r\n`), quick())
  }
  const date = new Date(Math.floor(at / 1000)).toUTCString().replace('GMT', '+0000')
  const messageId = `<${random.hex(16)}@${mail.from.split('@')[1] ?? 'example.com'}>`
  let reply = mail.refused ?? `250 2.0.0 Ok: queued as ${queueId}`
  let file: FileObject | null = null
  if (mail.refused === undefined) {
    say.client(text('DATA\r\n'), quick())
    say.server(text('354 End data with <CR><LF>.<CR><LF>\r\n'), quick())
    const head = [
      `Date: ${date}`, `From: <${mail.from}>`, `To: ${mail.to.map((to) => `<${to}>`).join(', ')}`, `Subject: ${mail.subject}`, `Message-ID: ${messageId}`,
      ...(mail.userAgent === undefined ? [] : [`User-Agent: ${mail.userAgent}`]), 'MIME-Version: 1.0',
    ] // prettier-ignore
    if (mail.attachment) {
      const { name, mime, bytes } = mail.attachment
      const boundary = `=_${random.hex(16)}`
      const encoded = Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n')
      file = scene.file(bytes, name, mime)
      say.client(
        joined(
          text(
            `${head.join('\r\n')}\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${mail.body}\r\n`,
          ),
          text(
            `--${boundary}\r\nContent-Type: ${mime}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
          ),
          raw(Buffer.from(encoded, 'latin1')),
          text(`\r\n--${boundary}--\r\n.\r\n`),
        ),
        quick(),
      )
    } else {
      say.client(text(`${head.join('\r\n')}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${mail.body}\r\n.\r\n`), quick())
    }
    say.server(text(`${reply}\r\n`), random.int(20_000, 200_000))
  }
  say.client(text('QUIT\r\n'), quick())
  const bye = say.server(text('221 2.0.0 Bye\r\n'), quick())
  reply = '221 2.0.0 Bye'
  tcp.transactions.push({
    kind: 'smtp',
    at: began,
    end: bye.last,
    helo: mail.helo,
    from: mail.from,
    to: mail.to,
    subject: mail.refused === undefined ? mail.subject : '',
    messageId,
    date,
    reply,
    userAgent: mail.userAgent ?? null,
    attachment: file,
  })
  if (mail.signature) tcp.hits.push({ at: helo.last, signature: mail.signature, toServer: true, transaction: null })
  say.close(120, 'server')
  return { flow: tcp.over('smtp'), end: bye.last, queueId }
}
