import type { CaseEvent } from '../case.ts'
import { defineImpactTest, type Finding } from '../define.ts'
import { laterThan, mayFollow } from '../reading/attribution.ts'
import { callsOut } from '../reading/flows.ts'
import { loginOf } from '../reading/logins.ts'
import { alerted, conn, TARGET, windows } from '../reading/made-records.ts'
import { onceEach } from '../reading/once-each.ts'
import { citesOf, eventsOf, isRecordOf, plainAddress, textOf } from '../reading/values.ts'

/** SMB, RDP, WinRM, SSH, RPC: by these hosts are taken over. */
const PORTS: ReadonlyMap<number, string> = new Map([[445, 'SMB'], [139, 'SMB'], [3389, 'RDP'], [5985, 'WinRM'], [5986, 'WinRM'], [22, 'SSH'], [135, 'RPC']]) // prettier-ignore
const SOON = 900_000_000
const ADMIN_SHARE = /(?:^|\\)(?:admin|[a-z])\$$/i
const isOfAdminShare = onceEach(
  ({ fields }: CaseEvent): boolean =>
    ADMIN_SHARE.test(textOf(fields, 'smb.share')) ||
    (textOf(fields, 'net.app') !== 'ftp' && ADMIN_SHARE.test(textOf(fields, 'file.path') || textOf(fields, 'path'))),
)

export default defineImpactTest({
  id: 'moves-laterally',
  family: 'next',
  title: { en: 'The target goes on to other hosts', ko: '다른 호스트로 이동' },
  reasoning: {
    en: 'Who has taken over a host goes on from it; logins and administrative shares of hosts that it never used are such steps.',
    ko: '호스트를 장악한 공격자는 그 호스트에서 다른 곳으로 이동합니다. 처음 접속하는 호스트의 로그인과 관리 공유 사용이 그 흔적입니다.',
  },
  spec: 'https://attack.mitre.org/tactics/TA0008/',
  appliesTo: 'Attacks that, if they work, give power over the host: its own calls to hosts of ours that it did not use before.',
  reads: ['own', 'flow', 'after', 'knownPeers', 'target', 'asset'],
  applies: (of) => of.target.ip !== null && mayFollow(of),
  test(of) {
    const { target, attacker, knownPeers, isOurs, alert } = of
    const isNew = (ip: string): boolean =>
      ip !== '' && ip !== target.ip && ip !== attacker.ip && isOurs(ip) && !knownPeers.has(ip)
    const calls = callsOut(of).filter(({ server }) => isNew(server.ip) && PORTS.has(server.port ?? -1))
    const answered = calls.filter((call) => call.answered !== false)
    const events = eventsOf(of.flow, of.after).filter(({ time }) => time >= alert.first)
    const share = events.find(
      (event) =>
        isOfAdminShare(event) &&
        plainAddress(textOf(event.fields, 'src.ip')) === target.ip &&
        isNew(plainAddress(textOf(event.fields, 'dst.ip'))),
    )
    const own = new Set(of.own.map(({ id }) => id))
    const login = events.find((event) => {
      const found = loginOf(event)
      return (
        found !== null &&
        found.accepted &&
        plainAddress(found.from) === target.ip &&
        !found.user.endsWith('$') &&
        calls.length > 0 &&
        !own.has(event.id) &&
        !isRecordOf(event, target, of.asset?.name)
      )
    })
    const hosts = new Set(answered.map(({ server }) => server.ip))
    const tried = new Set(calls.map(({ server }) => server.ip))
    const first = answered[0]
    // Who has just come in goes on soon; later it may be somebody else.
    const late = calls[0] !== undefined && laterThan(of, calls[0].begin) > SOON
    const say = (confidence: number, en: string, ko: string, cites: readonly string[]): Finding => ({
      result: 'likely', confidence: late ? Math.min(0.5, confidence) : confidence, reason: { en: `After the attack ${target.ip} ${en}.`, ko: `공격 뒤 ${ko}. 표적 ${target.ip}` }, cites: citesOf(cites),
    }) // prettier-ignore
    if (share !== undefined)
      return say(
        0.85,
        `used an administrative share of ${textOf(share.fields, 'dst.ip')}, a host that it had never called`,
        `처음 접속하는 호스트의 관리 공유를 사용했습니다(${textOf(share.fields, 'dst.ip')})`,
        [share.id, ...(first?.events ?? [])],
      )
    if (login !== undefined)
      return say(
        0.85,
        `logged in to ${textOf(login.fields, 'host.name') || textOf(login.fields, 'dst.ip')}, a host that it had never called`,
        `처음 접속하는 호스트에 로그인했습니다(${textOf(login.fields, 'host.name') || textOf(login.fields, 'dst.ip')})`,
        [login.id, ...(first?.events ?? [])],
      )
    if (tried.size >= 5)
      return say(
        0.8,
        `tried the services for administration of ${tried.size} hosts that it had never called`,
        `처음 접속하는 호스트 ${tried.size}대의 관리용 서비스에 연결을 시도했습니다`,
        calls.flatMap(({ events: ids }) => ids.slice(0, 1)),
      )
    if (first !== undefined && first.answered === true)
      return say(
        hosts.size > 1 ? 0.65 : 0.5,
        `called ${[...hosts].slice(0, 4).join(', ')} by ${PORTS.get(first.server.port ?? -1) ?? '?'}, where it had never called before`,
        `처음 접속하는 호스트에 연결했습니다(${[...hosts].slice(0, 4).join(', ')}, ${PORTS.get(first.server.port ?? -1) ?? '?'})`,
        answered.flatMap(({ events: ids }) => ids),
      )
    return null
  },
  examples: [
    {
      name: 'the administrative share of a host in another network',
      of: {
        title: 'PHP file uploaded through a web form',
        own: [alerted(0)],
        after: [
          conn(200, { to: '10.1.9.20', port: 445 }),
          {
            at: 201,
            type: 'smb',
            fields: {
              'src.ip': TARGET,
              'src.port': 40_123,
              'dst.ip': '10.1.9.20',
              'dst.port': 445,
              'smb.share': '\\\\10.1.9.20\\ADMIN$',
            },
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'a login that another host accepts from it',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [
          conn(200, { to: '10.1.9.20', port: 3389 }),
          windows(201, 4624, 'Security', { 'host.name': 'file-01', 'src.ip': TARGET, 'target.user': 'svc', LogonType: '10' }),
        ],
        targetName: 'web-01',
      },
      expect: 'likely',
    },
    {
      name: 'a round of the neighbours',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [1, 2, 3, 4, 5, 6].map((n) => conn(n, { to: `10.1.9.${n}`, port: 22, fromPort: 50_000 + n, state: 'REJ' })),
      },
      expect: 'likely',
    },
    {
      name: 'its database and its file server, as every day',
      of: {
        title: 'SQL injection',
        own: [alerted(0)],
        after: [conn(2, { to: '10.1.9.30', port: 5432 }), conn(3, { to: '10.1.9.20', port: 445 })],
        knownPeers: ['10.1.9.20', '10.1.9.30'],
      },
      expect: null,
    },
    {
      name: 'the backup server that comes for its data',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [conn(2, { from: '10.1.0.30', fromPort: 51_000, to: TARGET, port: 22 })],
      },
      expect: null,
    },
    {
      name: 'an administrator logs in to the target',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        targetName: 'web-01',
        after: [windows(30, 4624, 'Security', { 'src.ip': '10.1.0.9', 'target.user': 'adm', LogonType: '10' })],
      },
      expect: null,
    },
    {
      name: 'one try that is refused',
      of: { title: 'Remote code execution', own: [alerted(0)], after: [conn(2, { to: '10.1.9.20', port: 22, state: 'REJ' })] },
      expect: null,
    },
  ],
})
