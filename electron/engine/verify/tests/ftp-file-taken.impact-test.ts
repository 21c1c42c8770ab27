import type { Cite, DecidingBytes } from '../../../../shared/model/impact.ts'
import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { cite, deciding } from '../octets.ts'
import { turnsOf } from '../reading/dialogue.ts'
import { excerpt } from '../reading/forms.ts'
import { eventsOf, listOf, numberOf, textOf } from '../reading/values.ts'

interface Transfer {
  readonly command: string
  readonly file: string
  readonly code: number
  readonly cite: Cite
  readonly bytes?: DecidingBytes
}

const MOVES = new Set(['RETR', 'STOR', 'STOU', 'APPE'])
const CLASSES = new Set<ImpactCase['attackClass']>([
  'exfiltration', 'information_leak', 'path_traversal', 'malware', 'policy', 'file_upload', 'credential_access', 'lateral_movement', null,
]) // prettier-ignore

function transfersOf({ own, flow, conversations }: ImpactCase): Transfer[] {
  const found: Transfer[] = []
  for (const { id, type, format, fields } of eventsOf(own, flow)) {
    if (type !== 'ftp') continue
    const eve = format === 'eve'
    const command = textOf(fields, eve ? 'ftp.command' : 'command').toUpperCase()
    // Suricata lists the codes of a command in order, 150 before 226.
    const codes = eve ? listOf(fields, 'ftp.completion_code').map(Number) : [numberOf(fields, 'reply_code') ?? 0]
    const code = codes.findLast((one) => one >= 200) ?? 0
    if (!MOVES.has(command) || code === 0) continue
    found.push({ command, file: textOf(fields, eve ? 'ftp.command_data' : 'arg'), code, cite: { kind: 'event', event: id } })
  }
  for (const conversation of conversations)
    for (const { command, argument, code, reply } of turnsOf(conversation)) {
      if (!MOVES.has(command) || code === null || reply === null) continue
      found.push({
        command,
        file: argument,
        code,
        cite: cite(reply, 0, reply.text.length),
        bytes: deciding(reply, 0, reply.text.length),
      })
    }
  return found
}

export default defineImpactTest({
  id: 'ftp-file-taken',
  family: 'answer',
  title: { en: 'The file was transferred by FTP', ko: 'FTP 파일 전송 완료' },
  reasoning: {
    en: 'The server says 226 when a file was transferred whole, and 4xx or 5xx when it was not.',
    ko: '서버는 파일 전송이 끝나면 226으로, 실패하면 4xx 또는 5xx로 응답합니다.',
  },
  spec: 'https://www.rfc-editor.org/rfc/rfc959#section-4.2',
  appliesTo: 'Alerts on files that are fetched or stored by FTP: Zeek, EVE, events of captures and streams.',
  reads: ['own', 'flow', 'conversations'],
  applies: ({ attackClass, own, flow, target, attacker }) =>
    CLASSES.has(attackClass) &&
    (target.port === 21 || attacker.port === 21 || [...own, ...flow].some(({ type }) => type === 'ftp')),
  test(of) {
    const transfers = transfersOf(of)
    const done = transfers.find(({ code }) => code === 226 || code === 250)
    const [first] = transfers
    if (done !== undefined)
      return {
        result: 'succeeded',
        confidence: 0.94,
        reason: {
          en: `The transfer was completed (${done.command} ${excerpt(done.file)}: ${done.code}).`,
          ko: `전송이 완료되었습니다(${done.command} ${excerpt(done.file)}: ${done.code}).`,
        },
        cites: [done.cite],
        ...(done.bytes === undefined ? {} : { bytes: done.bytes }),
      }
    if (first === undefined || !transfers.every(({ code }) => code >= 400)) return null
    return {
      result: 'failed',
      confidence: 0.9,
      reason: {
        en: `The server refused or broke off ${transfers.length} of ${transfers.length} transfers (${first.command} ${excerpt(first.file)}: ${first.code}).`,
        ko: `전송 ${transfers.length}건이 모두 거부되었거나 중단되었습니다(${first.command} ${excerpt(first.file)}: ${first.code}).`,
      },
      cites: transfers.slice(0, 8).map((one) => one.cite),
      ...(first.bytes === undefined ? {} : { bytes: first.bytes }),
    }
  },
  examples: [
    {
      name: 'fetched, as Zeek tells',
      of: {
        title: 'FTP of a customer list',
        port: 21,
        own: [
          { type: 'ftp', format: 'zeek-json', fields: { command: 'RETR', arg: 'ftp://10.1.2.3/customers.csv', reply_code: 226 } },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'fetched, in the stream',
      of: {
        title: 'FTP of a backup',
        port: 21,
        conversations: [
          {
            port: 21,
            sent: 'USER a\r\nPASS b\r\nRETR backup.zip\r\n',
            answered: '220 hi\r\n331 pw\r\n230 in\r\n150 opening\r\n226 Transfer complete.\r\n',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'not there, then not allowed',
      of: {
        title: 'FTP of a backup',
        port: 21,
        own: [
          { type: 'ftp', fields: { 'ftp.command': 'RETR', 'ftp.command_data': '/etc/shadow', 'ftp.completion_code': ['550'] } },
          { at: 1, type: 'ftp', fields: { 'ftp.command': 'STOR', 'ftp.command_data': 'a', 'ftp.completion_code': ['553'] } },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'begun, and nothing more was seen',
      of: {
        title: 'FTP of a backup',
        port: 21,
        own: [{ type: 'ftp', format: 'zeek-json', fields: { command: 'RETR', arg: 'a', reply_code: 150 } }],
      },
      expect: null,
    },
    {
      name: 'a guess at a password is something else',
      of: {
        title: 'FTP brute force',
        port: 21,
        own: [{ type: 'ftp', format: 'zeek-json', fields: { command: 'RETR', arg: 'motd', reply_code: 226 } }],
      },
      expect: null,
    },
    {
      name: 'a list of a folder is no file',
      of: {
        title: 'FTP of a backup',
        port: 21,
        conversations: [{ port: 21, sent: 'LIST\r\n', answered: '220 hi\r\n150 here\r\n226 done\r\n' }],
      },
      expect: null,
    },
  ],
})
