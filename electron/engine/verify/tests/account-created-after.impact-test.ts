import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { effectsAfter } from '../reading/effects.ts'
import { alerted, ATTACKER, HOST, syslog, windows } from '../reading/made-records.ts'
import { weighEffects } from '../reading/weigh-effect.ts'

export default defineImpactTest({
  id: 'account-created-after',
  family: 'next',
  title: { en: 'An account is created', ko: '계정 생성' },
  reasoning: {
    en: 'An account of their own lets intruders come back; one that the attacker or the account of a server makes is theirs.',
    ko: '침입자는 다시 들어오기 위해 계정을 만듭니다. 공격자 세션이나 서버 전용 계정이 만든 계정은 침입자의 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1136/',
  appliesTo:
    'Attacks that, if they work, give power over the host: Security 4720, 4728, 4732, 4756, useradd, usermod, ADD_USER of the target.',
  reads: ['own', 'flow', 'before', 'after', 'attacker', 'target', 'asset'],
  applies: mayFollow,
  test: (of) =>
    weighEffects(of, effectsAfter(of, ['account_created', 'group_joined']), { ordinary: true, odd: 0.5, plain: 0.45 }),
  examples: [
    {
      name: 'in a session that the attacker opened',
      of: {
        title: 'Password spraying',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(20, 4624, 'Security', {
            'src.ip': ATTACKER,
            'target.user': 'adm.lee',
            TargetLogonId: '0x7f01',
            outcome: 'success',
          }),
          windows(40, 4720, 'Security', { 'user.name': 'adm.lee', 'target.user': 'svc_sync', SubjectLogonId: '0x7f01' }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'by the account of the database',
      of: {
        title: 'SQL injection',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(20, 4732, 'Security', {
            'user.name': 'MSSQLSERVER',
            'target.user': 'Administrators',
            SubjectLogonId: '0x9a01',
          }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a minute after, by nobody knows whom',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          syslog(60, 'useradd', 'new user: name=support, UID=0, GID=0, home=/, shell=/bin/sh', { 'target.user': 'support' }),
        ],
      },
      expect: 'likely',
    },
    {
      name: 'half an hour after, by the administrator at work',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(1500, 4624, 'Security', {
            'src.ip': '10.1.0.9',
            'target.user': 'adm',
            TargetLogonId: '0x11',
            outcome: 'success',
          }),
          windows(1800, 4720, 'Security', { 'user.name': 'adm', 'target.user': 'new.colleague', SubjectLogonId: '0x11' }),
        ],
      },
      expect: null,
    },
    {
      name: 'refused, and into a group without rights',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(20, 4720, 'Security', { 'user.name': 'kim', 'target.user': 'x', outcome: 'failure' }),
          windows(21, 4728, 'Security', { 'user.name': 'adm', 'target.user': 'Printers', SubjectLogonId: '0x11' }),
        ],
      },
      expect: null,
    },
    {
      name: 'all guesses were refused',
      of: {
        title: 'SSH brute force',
        targetName: HOST,
        own: [
          syslog(0, 'sshd', `Failed password for root from ${ATTACKER} port 50 ssh2`, { 'src.ip': ATTACKER, outcome: 'failure' }),
        ],
        after: [syslog(60, 'useradd', 'new user: name=deploy, UID=1009, GID=1009, home=/home/deploy, shell=/bin/bash')],
      },
      expect: null,
    },
  ],
})
