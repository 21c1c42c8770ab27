import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { JsonFields } from '../normalise/json-fields.ts'
import { Clock } from '../normalise/time.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { defineParser } from './define.ts'

const aliases: Readonly<Record<string, string>> = {
  type: 'type',
  node: 'host.name',
  pid: 'process.pid',
  ppid: 'process.parent.pid',
  comm: 'process.name',
  exe: 'process.path',
  uid: 'user.id',
  UID: 'user.name',
  acct: 'target.user',
  addr: 'src.ip',
  laddr: 'dst.ip',
  lport: 'dst.port',
  rport: 'src.port',
  hostname: 'src.host',
  op: 'action',
  name: 'file.path',
}

const HEAD =
  /^(?:node=([^\s]{1,255}) )?(?:.{0,160}?\baudit(?:\[\d{1,10}\])?: )?type=([\w[\]]{1,64}) (?:msg=)?audit\((\d{9,11}(?:\.\d{1,9})?):(\d{1,20})\):\s?/
/** Of these the kernel writes hexadecimal where the value holds blanks, quotes or control characters. */
const ENCODED = new Set([
  'comm',
  'exe',
  'name',
  'cwd',
  'key',
  'proctitle',
  'acct',
  'cmd',
  'data',
  'path',
  'dir',
  'ocomm',
  'watch',
  'vm',
  'old-disk',
  'new-disk',
  'grp',
])
const MAX_KEYS = 512

/** Hexadecimal → text, NULs as blanks; undefined where it is none. Bytes that are no UTF-8 become U+FFFD. */
function decodeHex(text: string): string | undefined {
  if (text.length < 2 || text.length % 2 !== 0 || text.length > 16_384 || !/^[0-9A-F]+$/.test(text)) return undefined
  return Buffer.from(text, 'hex').toString('utf8').replace(/\0+$/, '').replaceAll('\0', ' ')
}

/** `key=value key="va lue" msg='op=x acct="y"'`; calls `found` for each, those inside quoted `msg` too. */
function pairs(text: string, found: (key: string, value: string, quoted: boolean) => void, depth = 0): void {
  let at = 0
  let count = 0
  while (at < text.length && count < MAX_KEYS) {
    while (at < text.length && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 44)) at++
    const equals = text.indexOf('=', at)
    if (equals < 0) return
    const blank = text.lastIndexOf(' ', equals)
    const key = text.slice(Math.max(at, blank + 1), equals)
    at = equals + 1
    const quote = text.charCodeAt(at)
    if (quote === 34 || quote === 39) {
      const end = text.indexOf(String.fromCharCode(quote), at + 1)
      const stop = end < 0 ? text.length : end
      const value = text.slice(at + 1, stop)
      if (quote === 39 && depth === 0 && key === 'msg') pairs(value, found, 1)
      else if (key !== '' && key.length <= 128) found(key, value, true)
      at = stop + 1
    } else {
      let end = at
      while (end < text.length && text.charCodeAt(end) > 32) end++
      if (key !== '' && key.length <= 128) found(key, text.slice(at, end), false)
      at = end
    }
    count++
  }
}

export default defineParser({
  id: 'auditd',
  title: 'Linux audit (auditd)',
  spec: 'https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment',
  doc: 'Lines of audit.log, also behind a syslog header. Type is the record\'s type; records of one event share `audit.id`. Values that the kernel wrote in hexadecimal (proctitle, names with blanks) are decoded; the arguments of EXECVE are joined into the command line; `success` and `res` become the outcome. Interpreted names after the group separator (`UID="root"`) are kept.',
  priority: 600,
  framing: 'line',
  stateless: true,
  sniff: (records) => {
    const some = records.filter((record) => record !== '').slice(0, 32)
    return some.length === 0 ? 0 : (some.filter((record) => HEAD.test(record.slice(0, 1024))).length / some.length) * 0.98
  },
  aliases,
  create({ fields, zone, received }) {
    const clock = new Clock(zone, received)
    const names = new JsonFields(fields, { aliases })
    const types = new TypeNames()
    const auditId = fields.id('audit.id')
    const command = fields.id('process.command')
    const outcome = fields.id('outcome')
    const put = (key: string, value: string, row: EventRow): void => {
      const node = names.child(names.root, key)
      if (node !== undefined) names.put(node, value, row)
    }
    return {
      parse(text: string, row: EventRow) {
        const head = HEAD.exec(text.slice(0, 1024))
        if (head === null) return text.trim() === '' ? 'header' : { rejected: say('no_audit_record') }
        const type = head[2]!
        if (head[1] !== undefined) put('node', head[1], row)
        const args: string[] = []
        pairs(
          text.slice(head[0].length),
          (key, given, quoted) => {
            if (given === '(null)' && !quoted) return
            const isArgument = type === 'EXECVE' && /^a\d{1,3}$/.test(key)
            const value = (!quoted && (ENCODED.has(key) || isArgument) && decodeHex(given)) || given
            if (isArgument) args.push(value)
            if (key === 'addr' && value === '?') return
            put(key, value, row)
            if (key === 'proctitle') row.set(command, value)
            else if (key === 'success' || key === 'res' || key === 'result') {
              if (/^(?:yes|success|1)$/.test(value)) row.set(outcome, 'success')
              else if (/^(?:no|failed|0)$/.test(value)) row.set(outcome, 'failure')
            }
          },
          0,
        )
        if (args.length > 0) row.set(command, args.join(' '))
        row.set(auditId, head[4]!)
        row.type = types.of(type, 'audit')
        clock.begin(row)
        if (!clock.value(head[3]!, row)) clock.giveReceived(row)
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'a system call, its command line, and a login',
      input: [
        'type=SYSCALL msg=audit(1767323045.155:92733): arch=c000003e syscall=59 success=yes exit=0 ppid=29002 pid=1631 auid=1000 uid=0 comm="arp" exe="/usr/sbin/arp" key=(null)\x1dARCH=x86_64 SYSCALL=execve UID="root"',
        'type=EXECVE msg=audit(1767323045.155:92733): argc=3 a0="sh" a1="-c" a2=6563686F206120223E2220622E747874',
        'type=PROCTITLE msg=audit(1767323045.155:92733): proctitle=617270002D61',
        'node=web1 type=USER_LOGIN msg=audit(1767323045.200:92740): pid=77 uid=0 auid=4294967295 msg=\'op=login acct="mallory" exe="/usr/sbin/sshd" hostname=? addr=203.0.113.9 terminal=sshd res=failed\'',
        'type=SYSCALL but nothing else',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.155Z',
          type: 'SYSCALL',
          fields: {
            'audit.id': '92733',
            syscall: '59',
            success: 'yes',
            outcome: 'success',
            'process.pid': 1631,
            'process.parent.pid': 29002,
            'process.name': 'arp',
            'process.path': '/usr/sbin/arp',
            'user.id': '0',
            'user.name': 'root',
          },
        },
        {
          time: '2026-01-02T03:04:05.155Z',
          type: 'EXECVE',
          fields: { a1: '-c', a2: 'echo a ">" b.txt', 'process.command': 'sh -c echo a ">" b.txt' },
        },
        { time: '2026-01-02T03:04:05.155Z', type: 'PROCTITLE', fields: { proctitle: 'arp -a', 'process.command': 'arp -a' } },
        {
          time: '2026-01-02T03:04:05.200Z',
          type: 'USER_LOGIN',
          fields: {
            'host.name': 'web1',
            'target.user': 'mallory',
            'src.ip': '203.0.113.9',
            outcome: 'failure',
            action: 'login',
            'process.path': '/usr/sbin/sshd',
          },
        },
        { rejected: 'no audit record' },
      ],
    },
  ],
})
