import { defineImpactTest } from '../define.ts'
import { loginOf } from '../reading/logins.ts'

export default defineImpactTest({
  id: 'login-after-failures',
  family: 'answer',
  title: { en: 'A login is accepted after failures', ko: '실패 뒤 로그인 허용' },
  reasoning: {
    en: 'Who guesses passwords and is then let in from the same address has found one.',
    ko: '같은 주소에서 비밀번호를 추측하다가 로그인이 허용되면 비밀번호를 알아낸 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1110/',
  appliesTo: 'Guessing of passwords, where logins of the service are recorded: SSH, RDP, SMB, Windows, web forms, mail, FTP.',
  reads: ['own', 'flow', 'before', 'after', 'attacker'],
  applies: ({ attackClass }) => attackClass === 'credential_attack' || attackClass === 'login',
  test({ own, flow, before, after, attacker, alert }) {
    const seen = new Set<string>()
    const logins = [...before, ...own, ...flow, ...after]
      .filter(({ id }) => !seen.has(id) && seen.add(id))
      .flatMap((event) => {
        const login = loginOf(event)
        return login === null || (attacker.ip !== null && login.from !== attacker.ip) ? [] : [{ ...login, event }]
      })
      .sort((a, b) => a.event.time - b.event.time)
    const failures = logins.filter(({ accepted }) => !accepted)
    const accepted = logins.find(
      (one) => one.accepted && failures.filter(({ event }) => event.time <= one.event.time).length >= 3,
    )
    if (accepted !== undefined) {
      const tried = failures.filter(({ event }) => event.time <= accepted.event.time)
      const same = tried.some(({ user }) => user === accepted.user)
      return {
        // Somebody who forgot a password fails a few times with one name, and then gets in.
        result: same && tried.length < 5 ? 'likely' : 'succeeded',
        confidence: tried.length >= 5 ? 0.95 : 0.7,
        reason: {
          en: `After ${tried.length} failures ${attacker.ip ?? 'it'} was let in as ${accepted.user || '?'}.`,
          ko: `${tried.length}회 실패한 뒤 로그인이 허용되었습니다. 주소 ${attacker.ip ?? '?'}, 계정 ${accepted.user || '?'}`,
        },
        cites: [accepted, ...tried.slice(-3)].map(({ event }) => ({ kind: 'event', event: event.id }) as const),
      }
    }
    if (failures.length >= 3 && failures.length >= Math.min(alert.count, 100) && logins.length === failures.length)
      return {
        result: 'failed',
        confidence: 0.85,
        reason: {
          en: `All ${failures.length} logins were refused.`,
          ko: `로그인 ${failures.length}건이 모두 거부되었습니다.`,
        },
        cites: failures.slice(-4).map(({ event }) => ({ kind: 'event', event: event.id }) as const),
      }
    return null
  },
  examples: [
    {
      name: 'SSH, let in after six failures',
      of: {
        title: 'SSH brute force',
        attack: ['T1110'],
        own: Array.from({ length: 6 }, (_, i) => ({
          at: i,
          type: 'sshd',
          format: 'syslog-3164',
          fields: {
            'src.ip': '203.0.113.9',
            'user.name': `u${i}`,
            message: `Failed password for u${i} from 203.0.113.9 port 50${i} ssh2`,
          },
        })),
        after: [
          {
            at: 9,
            type: 'sshd',
            format: 'syslog-3164',
            fields: {
              'src.ip': '203.0.113.9',
              'user.name': 'deploy',
              message: 'Accepted password for deploy from 203.0.113.9 port 5020 ssh2',
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'all refused',
      of: {
        title: 'SSH brute force',
        attack: ['T1110'],
        own: Array.from({ length: 6 }, (_, i) => ({
          at: i,
          type: 'sshd',
          format: 'syslog-3164',
          fields: {
            'src.ip': '203.0.113.9',
            'user.name': 'root',
            message: `Failed password for root from 203.0.113.9 port 50${i} ssh2`,
          },
        })),
      },
      expect: 'failed',
    },
    {
      name: 'somebody else was let in',
      of: {
        title: 'SSH brute force',
        attack: ['T1110'],
        own: [
          { type: 'sshd', fields: { 'src.ip': '203.0.113.9', message: 'Failed password for root from 203.0.113.9 port 1 ssh2' } },
        ],
        after: [
          {
            at: 5,
            type: 'sshd',
            fields: { 'src.ip': '10.0.0.7', message: 'Accepted publickey for ops from 10.0.0.7 port 2 ssh2' },
          },
        ],
      },
      expect: null,
    },
  ],
})
