import { defineImpactTest } from '../define.ts'
import { cite, deciding } from '../octets.ts'
import { turnsOf } from '../reading/dialogue.ts'
import { excerpt } from '../reading/forms.ts'
import { citesOf, eventsOf, listOf, textOf } from '../reading/values.ts'

const domainOf = (address: string): string => /@([\w.-]{1,255})/.exec(address)?.[1]?.toLowerCase() ?? ''
/** Without its first label: a server `mail.example.com` takes mail for `example.com`. */
const isAtHome = (domain: string, home: string): boolean =>
  home !== '' && (domain === home || home.endsWith(`.${domain}`) || domain.endsWith(`.${home}`))

const REFUSED = new Set([450, 451, 452, 454, 521, 530, 535, 550, 551, 552, 553, 554, 571])

export default defineImpactTest({
  id: 'mail-relayed',
  family: 'answer',
  title: { en: 'The mail server took mail for others', ko: '외부 메일 중계' },
  reasoning: {
    en: 'A server that takes a mail from a stranger for strangers relays it; one that refuses the recipient does not.',
    ko: '외부인이 외부로 보내는 메일을 서버가 받으면 중계한 것이고, 수신자를 거부하면 중계하지 않은 것입니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.6.2',
  appliesTo: 'Attempts to relay mail, in streams of SMTP and Zeek’s mail log.',
  reads: ['own', 'flow', 'conversations'],
  applies: ({ alert }) => /\brelay|\bopen mail|\bspam\b/i.test(`${alert.title} ${alert.category}`),
  test({ conversations, own, flow, attacker, isOurs }) {
    if (attacker.ip !== null && isOurs(attacker.ip)) return null
    let refused = null
    let mails = 0
    for (const conversation of conversations) {
      const home = /^220[ -]([\w.-]{4,255})/.exec(conversation.answered.text)?.[1]?.toLowerCase() ?? ''
      const turns = turnsOf(conversation)
      if (turns.some(({ command, code }) => command === 'AUTH' && code === 235)) continue
      let recipient = ''
      for (const { command, argument, code, reply } of turns) {
        if (command === 'RCPT') {
          const domain = domainOf(argument)
          if (domain === '' || isAtHome(domain, home)) continue
          mails++
          if (code === 250 || code === 251) recipient = argument
          else if (code !== null && REFUSED.has(code)) refused ??= { reply, code, argument }
        }
        if (command === '.' && code === 250 && recipient !== '' && home !== '' && reply !== null)
          return {
            result: 'succeeded',
            confidence: 0.93,
            reason: {
              en: `The server ${home} took a mail for a stranger: ${excerpt(recipient)}`,
              ko: `서버가 외부 수신자에게 보내는 메일을 받았습니다. 서버: ${home}, 수신자: ${excerpt(recipient)}`,
            },
            cites: [cite(reply, 0, reply.text.length)],
            bytes: deciding(reply, 0, reply.text.length),
          }
        if (command === '.' || command === 'RSET') recipient = ''
      }
      if (recipient !== '') return null
    }
    if (refused !== null) {
      const { reply, code, argument } = refused
      if (reply === null) return null
      return {
        result: 'failed',
        confidence: 0.9,
        reason: {
          en: `The server refused the recipient (${code}): ${excerpt(argument)}`,
          ko: `서버가 수신자를 거부했습니다(${code}): ${excerpt(argument)}`,
        },
        cites: [cite(reply, 0, reply.text.length)],
        bytes: deciding(reply, 0, reply.text.length),
      }
    }
    if (mails > 0) return null
    const logged = eventsOf(own, flow).filter(({ type, fields }) => type === 'smtp' && textOf(fields, 'last_reply') !== '')
    const replies = logged.map(({ id, fields }) => ({
      id,
      code: Number(textOf(fields, 'last_reply').slice(0, 3)),
      to: listOf(fields, 'rcptto'),
    }))
    const [first] = replies
    if (first === undefined || !replies.every(({ code }) => REFUSED.has(code))) return null
    return {
      result: 'failed',
      confidence: 0.85,
      reason: {
        en: `The server refused the mail (${first.code}) to ${excerpt(first.to.join(', '))}`,
        ko: `서버가 메일을 거부했습니다(${first.code}). 수신자: ${excerpt(first.to.join(', '))}`,
      },
      cites: citesOf(replies.map(({ id }) => id)),
    }
  },
  examples: [
    {
      name: 'taken for another domain',
      of: {
        title: 'Open mail relay attempt',
        conversations: [
          {
            port: 25,
            sent: 'EHLO a\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<victim@elsewhere.test>\r\nDATA\r\nSubject: hi\r\n\r\nx\r\n.\r\n',
            answered: '220 mail.corp.example ESMTP\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued as 1\r\n',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'refused',
      of: {
        title: 'Open mail relay attempt',
        conversations: [
          {
            port: 25,
            sent: 'EHLO a\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<victim@elsewhere.test>\r\nQUIT\r\n',
            answered: '220 mail.corp.example ESMTP\r\n250 ok\r\n250 ok\r\n554 5.7.1 Relay access denied\r\n221 bye\r\n',
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'refused, as Zeek tells',
      of: {
        title: 'Mail relay probe',
        own: [
          { type: 'smtp', format: 'zeek-json', fields: { rcptto: ['v@elsewhere.test'], last_reply: '550 5.7.1 no relaying' } },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'mail for the house itself',
      of: {
        title: 'Spam to many recipients',
        conversations: [
          {
            port: 25,
            sent: 'EHLO a\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<kim@corp.example>\r\nDATA\r\nx\r\n.\r\n',
            answered: '220 mail.corp.example ESMTP\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n',
          },
        ],
      },
      expect: null,
    },
    {
      name: 'recipient taken, mail refused in the end',
      of: {
        title: 'Mail relay probe',
        conversations: [
          {
            port: 25,
            sent: 'EHLO a\r\nMAIL FROM:<x@a.example>\r\nRCPT TO:<v@elsewhere.test>\r\nDATA\r\nx\r\n.\r\n',
            answered: '220 mail.corp.example ESMTP\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n554 5.7.1 spam\r\n',
          },
        ],
      },
      expect: null,
    },
    {
      name: 'of somebody who has signed in',
      of: {
        title: 'Mail relay by a client',
        conversations: [
          {
            port: 587,
            sent: 'EHLO a\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<x@corp.example>\r\nRCPT TO:<v@elsewhere.test>\r\nDATA\r\nx\r\n.\r\n',
            answered: '220 mail.corp.example ESMTP\r\n250 ok\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n',
          },
        ],
      },
      expect: null,
    },
  ],
})
