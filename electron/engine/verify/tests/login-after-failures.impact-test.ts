import { defineImpactTest } from '../define.ts'
import { loginOf } from '../reading/logins.ts'
import { sameHost } from '../reading/values.ts'

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
    const isKnown = (attacker.ip ?? '') !== '' || (attacker.name ?? '') !== ''
    const seen = new Set<string>()
    const everybody = [...before, ...own, ...flow, ...after]
      .filter(({ id }) => !seen.has(id) && seen.add(id))
      .flatMap((event) => {
        const login = loginOf(event)
        if (login === null) return []
        const isHis = login.from === '' ? sameHost(login.fromHost ?? '', attacker.name ?? '') : login.from === attacker.ip
        return isKnown && !isHis ? [] : [{ ...login, event }]
      })
      .sort((a, b) => a.event.time - b.event.time)
    // Where nobody knows who it was: the place, or else the account, that most of the alert's own logins are of.
    const placeOf = ({ from, fromHost, user }: (typeof everybody)[number]): string => from || fromHost || `user ${user}`
    const ownIds = new Set(own.map(({ id }) => id))
    const places = everybody.filter(({ event }) => ownIds.has(event.id)).map(placeOf)
    const place = places.sort((a, b) => times(places, b) - times(places, a))[0] ?? ''
    const logins = isKnown ? everybody : everybody.filter((one) => placeOf(one) === place)
    const failures = logins.filter((one) => !one.accepted)
    const count = (some: readonly { readonly times?: number }[]): number => some.reduce((sum, { times }) => sum + (times ?? 1), 0)
    const triedBefore = (time: number) => failures.filter(({ event }) => event.time <= time)
    const names = new Set(failures.map(({ user }) => user.toLowerCase()))
    const begun = failures[0]?.event.time ?? 0
    // Who came and went from there before is no guesser, though guesses come from the same address.
    const regulars = new Set(logins.filter((one) => one.accepted && one.event.time < begun).map(({ user }) => user.toLowerCase()))
    const accepted = logins.find(
      (one) =>
        one.accepted &&
        count(triedBefore(one.event.time)) >= 3 &&
        (names.has(one.user.toLowerCase()) || !regulars.has(one.user.toLowerCase())),
    )
    if (accepted !== undefined) {
      const tried = triedBefore(accepted.event.time)
      const tries = count(tried)
      const same = tried.some(({ user }) => user === accepted.user)
      return {
        // Somebody who forgot a password fails a few times with one name, and then gets in; a key is not guessed.
        result: accepted.byKey === true || (same && tries < 5) ? 'likely' : 'succeeded',
        confidence: accepted.byKey === true ? 0.5 : tries >= 5 ? 0.95 : 0.7,
        reason: {
          en: `After ${tries} failures ${attacker.ip ?? 'it'} was let in as ${accepted.user || '?'}.`,
          ko: `${tries}회 실패한 뒤 로그인이 허용되었습니다. 주소 ${attacker.ip ?? '?'}, 계정 ${accepted.user || '?'}`,
        },
        cites: [accepted, ...tried.slice(-3)].map(({ event }) => ({ kind: 'event', event: event.id }) as const),
      }
    }
    const tries = count(failures)
    if (tries >= 3 && tries >= Math.min(alert.count, 100) && logins.length === failures.length)
      return {
        result: 'failed',
        confidence: 0.85,
        reason: {
          en: `All ${tries} logins were refused.`,
          ko: `로그인 ${tries}건이 모두 거부되었습니다.`,
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
    {
      name: 'Windows: guessed over the network, seen by the controller too',
      of: {
        title: 'Password guessing',
        attack: ['T1110'],
        own: Array.from({ length: 6 }, (_, i) => ({
          at: i,
          type: '4625',
          format: 'windows-json',
          fields: {
            'win.event_id': 4625,
            'win.channel': 'Security',
            'src.ip': '203.0.113.9',
            'target.user': 'kim',
            LogonType: 3,
          },
        })),
        after: [
          {
            at: 8,
            type: '4624',
            format: 'windows-json',
            fields: {
              'win.event_id': 4624,
              'win.channel': 'Security',
              'src.ip': '203.0.113.9',
              'target.user': 'kim',
              LogonType: 3,
              AuthenticationPackageName: 'NTLM',
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'mail: one record of many attempts, then let in',
      of: {
        title: 'IMAP brute force',
        attack: ['T1110'],
        own: [
          {
            type: 'dovecot',
            format: 'syslog-3164',
            fields: {
              'log.program': 'dovecot',
              message:
                'imap-login: Disconnected (auth failed, 9 attempts in 40 secs): user=<lee>, method=PLAIN, rip=203.0.113.9, lip=10.1.2.3, TLS',
            },
          },
        ],
        after: [
          {
            at: 60,
            type: 'dovecot',
            format: 'syslog-3164',
            fields: {
              'log.program': 'dovecot',
              message: 'imap-login: Login: user=<lee>, method=PLAIN, rip=203.0.113.9, lip=10.1.2.3, mpid=7, TLS',
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'an anonymous session follows the refusals',
      of: {
        title: 'SMB brute force',
        attack: ['T1110'],
        count: 50,
        own: Array.from({ length: 6 }, (_, i) => ({
          at: i,
          type: '4625',
          format: 'windows-json',
          fields: { 'win.event_id': 4625, 'src.ip': '203.0.113.9', 'target.user': 'admin', LogonType: 3 },
        })),
        after: [
          {
            at: 8,
            type: '4624',
            format: 'windows-json',
            fields: { 'win.event_id': 4624, 'src.ip': '203.0.113.9', 'target.user': 'ANONYMOUS LOGON', LogonType: 3 },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'a colleague behind the same address signs in as before',
      of: {
        title: 'VPN password guessing',
        attack: ['T1110'],
        before: [
          {
            at: -900,
            type: 'vpnd',
            format: 'syslog-5424',
            fields: {
              'log.program': 'vpnd',
              message: 'user park connected from 203.0.113.9',
              'sd.vpn@1.client': '203.0.113.9',
              'sd.vpn@1.user': 'park',
            },
          },
        ],
        own: Array.from({ length: 6 }, (_, i) => ({
          at: i,
          type: 'vpnd',
          format: 'syslog-5424',
          fields: {
            'log.program': 'vpnd',
            message: 'user admin authentication failed from 203.0.113.9',
            'sd.vpn@1.client': '203.0.113.9',
            'sd.vpn@1.user': 'admin',
          },
        })),
        after: [
          {
            at: 90,
            type: 'vpnd',
            format: 'syslog-5424',
            fields: {
              'log.program': 'vpnd',
              message: 'user park connected from 203.0.113.9',
              'sd.vpn@1.client': '203.0.113.9',
              'sd.vpn@1.user': 'park',
            },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'an administrator’s key, after others guessed from that address',
      of: {
        title: 'SSH brute force',
        attack: ['T1110'],
        own: Array.from({ length: 6 }, (_, i) => ({
          at: i,
          type: 'sshd',
          fields: { message: `Failed password for root from 203.0.113.9 port 5${i} ssh2` },
        })),
        after: [
          {
            at: 50,
            type: 'sshd',
            fields: { message: 'Accepted publickey for ops from 203.0.113.9 port 60 ssh2: ED25519 SHA256:x' },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'several people far apart mistype, and nobody knows an attacker',
      of: {
        title: 'Impossible travel',
        attack: ['T1078'],
        kind: 'scn',
        attacker: '',
        own: [vpn(0, '192.0.2.1', 'moon', true), vpn(60, '198.51.100.4', 'moon', true)],
        after: [
          vpn(70, '192.0.2.7', 'a', false),
          vpn(71, '192.0.2.8', 'b', false),
          vpn(72, '192.0.2.9', 'c', false),
          vpn(73, '192.0.2.9', 'c', true),
        ],
      },
      expect: null,
    },
  ],
})

const times = (all: readonly string[], one: string): number => all.filter((other) => other === one).length

function vpn(at: number, ip: string, user: string, accepted: boolean) {
  return {
    at,
    type: 'vpnd',
    format: 'syslog-5424',
    fields: {
      'log.program': 'vpnd',
      message: `user ${user} ${accepted ? 'connected' : 'authentication failed'} from ${ip}`,
      'sd.vpn@1.client': ip,
      'sd.vpn@1.user': user,
    },
  }
}
