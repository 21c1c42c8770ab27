import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { SyslogRecords, syslogAliases, syslogShare } from '../normalise/syslog-record.ts'
import { defineParser } from './define.ts'

export default defineParser({
  id: 'syslog-3164',
  title: 'Syslog (RFC 3164, BSD)',
  spec: 'https://www.rfc-editor.org/rfc/rfc3164',
  doc: "With or without PRI, as sent over the network or as written to files. The year is the latest that puts the record no more than a day ahead of its receipt (`assumed_year`); the zone is the source's. What has a PRI and no time is taken whole as message, as the RFC says; what has neither is rejected. Messages of well-known programs (sshd, sudo, su, cron, the kernel's packet filter) also give user, addresses and outcome. Records of RFC 5424 in between are read as such.",
  priority: 300,
  framing: 'line',
  stateless: true,
  sniff: (records) => syslogShare(records, '3164', false) * 0.9,
  aliases: syslogAliases,
  create({ fields, zone, received }) {
    const syslog = new SyslogRecords(fields, zone, received)
    return {
      parse(text: string, row: EventRow) {
        if (text.trim() === '') return 'header'
        return syslog.whole(text, row) ? 'event' : { rejected: say('no_beginning') }
      },
    }
  },
  examples: [
    {
      name: 'sshd, from a file',
      received: '2026-03-01T00:00:00Z',
      input: [
        'Feb 28 23:59:58 bastion sshd[24200]: Failed password for invalid user admin from 203.0.113.77 port 40112 ssh2',
        'Dec  3 03:04:05 bastion sshd[24201]: Accepted publickey for alice from 2001:DB8::7 port 50022 ssh2: ED25519 SHA256:abc',
        'Feb 29 12:00:00 bastion sshd[7]: Invalid user x from 9.9.9.9 port 1 from 203.0.113.77 port 40113',
        'Feb 28 23:59:58 bastion sshd[7]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=gw.example  user=root',
        '\tat some.other.Thing(line 7)',
      ].join('\n'),
      expect: [
        {
          time: '2026-02-28T23:59:58.000Z',
          timeNote: 'assumed_year',
          type: 'sshd',
          fields: {
            'host.name': 'bastion',
            'log.program': 'sshd',
            'process.pid': 24200,
            message: 'Failed password for invalid user admin from 203.0.113.77 port 40112 ssh2',
            'user.name': 'admin',
            'src.ip': '203.0.113.77',
            'src.port': 40112,
            outcome: 'failure',
            'auth.method': 'password',
          },
        },
        {
          time: '2025-12-03T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'sshd',
          fields: { 'user.name': 'alice', 'src.ip': '2001:db8::7', 'src.port': 50022, outcome: 'success' },
        },
        {
          time: '2024-02-29T12:00:00.000Z',
          timeNote: 'assumed_year',
          type: 'sshd',
          fields: { 'user.name': 'x from 9.9.9.9 port 1', 'src.ip': '203.0.113.77', outcome: 'failure' },
        },
        {
          time: '2026-02-28T23:59:58.000Z',
          timeNote: 'assumed_year',
          type: 'sshd',
          fields: { 'user.name': 'root', 'src.host': 'gw.example', outcome: 'failure' },
        },
        { rejected: 'neither a PRI nor a time' },
      ],
    },
    {
      name: 'from the network: PRI, zones, no host, no time, Cisco',
      zone: 'Europe/Berlin',
      input: [
        '<34>Jan  2 04:04:05 mymachine su[230]: (to root) bob on pts/1',
        '<13>Jan  2 04:04:05 backup: done',
        '<13>something without a time',
        '<189>29: *Jan  2 2026 04:04:05.123: %SYS-5-CONFIG_I: Configured from console by vty0',
        '<4>Jan  2 04:04:05 gate kernel: [12.5] [UFW BLOCK] IN=eth0 OUT= MAC=00:01 SRC=198.51.100.4 DST=192.0.2.1 LEN=60 TOS=0x00 TTL=51 ID=1 DF PROTO=TCP SPT=4444 DPT=22 WINDOW=1024',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'su',
          fields: {
            'log.priority': 34,
            'log.facility': 'auth',
            'log.level': 'crit',
            'host.name': 'mymachine',
            'process.pid': 230,
            'user.name': 'bob',
            'target.user': 'root',
            outcome: 'success',
          },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'backup',
          fields: { 'log.program': 'backup', message: 'done' },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'received',
          type: 'syslog',
          fields: { message: 'something without a time', 'log.facility': 'user' },
        },
        {
          time: '2026-01-02T03:04:05.123Z',
          timeNote: 'assumed_zone',
          type: '%SYS-5-CONFIG_I',
          fields: { 'log.program': '%SYS-5-CONFIG_I', message: 'Configured from console by vty0' },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'kernel',
          fields: { 'src.ip': '198.51.100.4', 'dst.ip': '192.0.2.1', 'net.transport': 'tcp', 'src.port': 4444, 'dst.port': 22 },
        },
      ],
    },
    {
      name: 'sudo and cron',
      input: [
        'Jan  2 03:04:05 web1 sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/cat /etc/shadow',
        'Jan  2 03:04:05 web1 sudo[99]:    eve : user NOT in sudoers ; TTY=pts/2 ; PWD=/tmp ; USER=root ; COMMAND=/bin/sh',
        'Jan  2 03:04:05 web1 CRON[100]: (www-data) CMD (php /srv/tick.php)',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'sudo',
          fields: { 'user.name': 'alice', 'target.user': 'root', 'process.command': '/bin/cat /etc/shadow', outcome: 'success' },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'sudo',
          fields: {
            'user.name': 'eve',
            'target.user': 'root',
            'process.command': '/bin/sh',
            outcome: 'failure',
            'process.pid': 99,
          },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'CRON',
          fields: { 'user.name': 'www-data', 'process.command': 'php /srv/tick.php' },
        },
      ],
    },
  ],
})
