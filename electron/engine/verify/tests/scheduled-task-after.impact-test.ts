import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { effectsAfter } from '../reading/effects.ts'
import { alerted, ATTACKER, HOST, syslog, windows } from '../reading/made-records.ts'
import { weighEffects } from '../reading/weigh-effect.ts'

const task = (command: string, args: string): string =>
  `<Task><Actions><Exec><Command>${command}</Command><Arguments>${args}</Arguments></Exec></Actions></Task>`

export default defineImpactTest({
  id: 'scheduled-task-after',
  family: 'next',
  title: { en: 'A task is scheduled', ko: '예약 작업 등록' },
  reasoning: {
    en: 'Tasks run programs later and again; one that the attacker or the account of a server makes is part of the attack.',
    ko: '예약 작업은 프로그램을 나중에 반복해서 실행합니다. 공격자 세션이나 서버 전용 계정이 등록한 작업은 공격의 일부입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1053/',
  appliesTo:
    'Attacks that, if they work, give power over the host: Security 4698, TaskScheduler 106, crontab, Run keys (Sysmon 13) of the target.',
  reads: ['own', 'flow', 'before', 'after', 'attacker', 'target', 'asset'],
  applies: mayFollow,
  test: (of) => weighEffects(of, effectsAfter(of, ['task_created', 'autostart_set']), { ordinary: true, odd: 0.7, plain: 0 }),
  examples: [
    {
      name: 'in a session that the attacker opened',
      of: {
        title: 'Lateral movement by a remote service',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(1, 4624, 'Security', { 'src.ip': ATTACKER, 'target.user': 'kim', TargetLogonId: '0xab12', outcome: 'success' }),
          windows(5, 4698, 'Security', {
            'user.name': 'kim',
            SubjectLogonId: '0xab12',
            TaskName: '\\sync',
            TaskContent: task('C:\\x.exe', ''),
          }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'in the crontab of the web server',
      of: {
        title: 'Web shell',
        targetName: HOST,
        own: [alerted(0)],
        after: [syslog(30, 'crontab', '(www-data) REPLACE (www-data)')],
      },
      expect: 'succeeded',
    },
    {
      name: 'a hidden PowerShell',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(20, 4698, 'Security', {
            'user.name': 'SYSTEM',
            SubjectLogonId: '0x3e7',
            TaskName: '\\u',
            TaskContent: task('powershell.exe', '-w hidden -enc AAAA'),
          }),
        ],
      },
      expect: 'likely',
    },
    {
      name: 'the updater of a browser',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(20, 4698, 'Security', {
            'user.name': `${HOST}$`,
            SubjectLogonId: '0x3e7',
            TaskName: '\\BrowserUpdate',
            TaskContent: task('C:\\Program Files\\Browser\\update.exe', '/ua'),
          }),
        ],
      },
      expect: null,
    },
    {
      name: 'an administrator edits a crontab',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [syslog(30, 'crontab', '(ops) REPLACE (ops)'), syslog(31, 'CRON', '(www-data) CMD (php /srv/tick.php)')],
      },
      expect: null,
    },
    {
      name: 'the account of the web server, but every request was answered 404',
      of: {
        title: 'SQL injection',
        targetName: HOST,
        exchanges: [{ url: "/a?b=1'%20or%201=1", status: 404 }],
        after: [syslog(30, 'crontab', '(www-data) REPLACE (www-data)')],
      },
      expect: null,
    },
  ],
})
