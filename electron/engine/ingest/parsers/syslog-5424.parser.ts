import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { SyslogRecords, syslogAliases, syslogShare } from '../normalise/syslog-record.ts'
import { defineParser } from './define.ts'

export default defineParser({
  id: 'syslog-5424',
  title: 'Syslog (RFC 5424, and ISO times)',
  spec: 'https://www.rfc-editor.org/rfc/rfc5424',
  doc: 'RFC 5424 with structured data, whose parameters become `sd.<element>.<name>`; and the form that rsyslog and journald write to files, with an ISO time in place of the old one. A nil value is left out; structured data that is broken counts as message. Older records in between are read as RFC 3164.',
  priority: 400,
  framing: 'line',
  stateless: true,
  sniff: (records) => Math.max(syslogShare(records, '5424', true), syslogShare(records, '3164', true) * 0.92),
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
      name: 'structured data, escapes and nil values',
      input: [
        '<165>1 2026-01-02T03:04:05.003123Z gate.example evntslog 812 ID47 [demo@32473 iut="3" note="a \\"b\\" \\] c\\\\d"][origin ip="192.0.2.1" ip="192.0.2.2"] \ufeffAn application event',
        '<34>1 - - - - - -',
        '<34>1 2026-01-02T03:04:05+09:00 h su x7 - [broken message',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.003123Z',
          type: 'evntslog',
          fields: {
            'log.priority': 165,
            'log.facility': 'local4',
            'log.level': 'notice',
            'host.name': 'gate.example',
            'log.program': 'evntslog',
            'process.pid': 812,
            msgid: 'ID47',
            'sd.demo@32473.iut': '3',
            'sd.demo@32473.note': 'a "b" ] c\\d',
            'host.ip': ['192.0.2.1', '192.0.2.2'],
            message: 'An application event',
          },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'received',
          type: 'syslog',
          fields: { message: '', 'log.facility': 'auth' },
        },
        { time: '2026-01-01T18:04:05.000Z', type: 'su', fields: { procid: 'x7', message: '[broken message' } },
      ],
    },
    {
      name: 'ISO time in the old form',
      input: '2026-01-02T04:04:05.123456+01:00 bastion sshd[411]: Accepted password for bob from 192.0.2.9 port 4022 ssh2',
      expect: [
        {
          time: '2026-01-02T03:04:05.123456Z',
          type: 'sshd',
          fields: {
            'host.name': 'bastion',
            'log.program': 'sshd',
            'process.pid': 411,
            'user.name': 'bob',
            'src.ip': '192.0.2.9',
            outcome: 'success',
          },
        },
      ],
    },
    {
      name: 'neither a PRI nor a time',
      sniffed: false,
      input: 'no time here\n',
      expect: [{ rejected: 'neither a PRI nor a time' }, 'header'],
    },
  ],
})
