/** Incidents for tests and measurements: one as a desk would have it, and ones as large as need be. */
import { createHash } from 'node:crypto'
import type { Cite } from '../../../shared/model/impact.ts'
import { ReportSource } from './report-source.ts'

const sum = (text: string): string => createHash('sha256').update(text).digest('hex')
const alert = (id: string): Cite => ({ kind: 'alert', alert: id })
const event = (id: string): Cite => ({ kind: 'event', event: id })
const packet = (packet: number, offset: number, length = 16): Cite => ({
  kind: 'packet',
  capture: '/srv/captures/2026-11-19/edge-1800.pcapng',
  packet,
  offset,
  length,
})
const time = (clock: string): string => `2026-11-19T${clock}Z`

export function madeIncident(changes: Readonly<Record<string, unknown>> = {}): ReportSource {
  const attacker = { ip: '198.51.100.47', port: 51_544, name: null }
  const web = { ip: '192.0.2.10', port: 443, name: 'web-01' }
  return ReportSource.parse({
    number: 'INC-2026-0117',
    title: 'Web shell on web-01, archive of finance shares sent out',
    summary: {
      en: 'An attacker put a web shell on the order site through its upload form, took over an account with it, reached the file server, and sent an archive of 214.6 MB out.\n\nThe file server was isolated at 18:52. Both accounts are disabled. What remains to be done stands under Actions.',
      ko: '공격자가 주문 사이트의 업로드 양식으로 웹셸을 올리고, 이를 이용해 계정을 탈취하여 파일 서버에 도달한 뒤 214.6 MB의 압축 파일을 외부로 전송했습니다.\n\n파일 서버는 18:52에 격리했으며 두 계정은 사용 중지했습니다. 남은 작업은 대응 조치에 있습니다.',
    },
    severity: 'critical',
    tlp: 'AMBER',
    pap: 'AMBER',
    status: 'contained',
    times: {
      occurred: time('18:15:26'),
      detected: time('18:21:49.113'),
      acknowledged: time('18:30:02'),
      contained: time('18:57:40'),
      eradicated: null,
      recovered: null,
      closed: null,
    },
    owner: 'M. Seo',
    customer: 'Hanbit Trading',
    attack: [
      { id: 'T1190', name: 'Exploit Public-Facing Application' },
      { id: 'T1505.003', name: 'Web Shell' },
      { id: 'T1048', name: 'Exfiltration Over Alternative Protocol' },
    ],
    impact: 'succeeded',
    alerts: [
      {
        id: '48209',
        kind: 'sig',
        detection: '1:2019456:7',
        title: 'SQL injection, UNION SELECT in a form field',
        severity: 'high',
        source: attacker,
        destination: web,
        asset: 'web-01',
        count: 41,
        first: time('18:14:02'),
        last: time('18:15:26'),
        verdict: 'tp_impact',
        impact: {
          result: 'succeeded',
          confidence: 0.97,
          reason: {
            en: 'The answer holds rows of the table users.',
            ko: '응답에 users 테이블의 행이 있습니다.',
          },
        },
      },
      {
        id: '48213',
        kind: 'rule',
        detection: 'b9f0c3a1-5d57-4b5f-9a39-1f0ce1b7d4aa',
        title: 'Command output in the answer of an uploaded page',
        severity: 'critical',
        source: attacker,
        destination: web,
        asset: 'web-01',
        count: 1,
        first: time('18:21:47.412'),
        last: time('18:21:47.412'),
        verdict: 'tp_impact',
        impact: {
          result: 'succeeded',
          confidence: 0.99,
          reason: { en: 'The answer holds the output of id.', ko: '응답에 id 명령의 출력이 있습니다.' },
        },
      },
      {
        id: '48190',
        kind: 'sig',
        detection: '1:2010935:3',
        title: 'Port scan',
        severity: 'low',
        source: attacker,
        destination: { ip: '192.0.2.11', port: null, name: 'dc-01' },
        asset: 'dc-01',
        count: 1022,
        first: time('17:58:11'),
        last: time('18:02:40'),
        verdict: 'tp_no_impact',
        impact: {
          result: 'failed',
          confidence: 0.9,
          reason: { en: 'All 1022 connections were refused.', ko: '연결 1022건이 모두 거부되었습니다.' },
        },
      },
      {
        id: '48230',
        kind: 'scn',
        detection: 'exfiltration-after-staging',
        title: 'Large upload after a new service was installed',
        severity: 'critical',
        source: { ip: '192.0.2.20', port: 49_812, name: 'file-01' },
        destination: { ip: '203.0.113.201', port: 443, name: null },
        asset: 'file-01',
        count: 1,
        first: time('18:44:10'),
        last: time('18:44:10'),
        verdict: null,
        impact: null,
      },
    ],
    entries: [
      entry('1', 'alert', '17:58:11', 'Port scan of three hosts', '1022 ports of dc-01, web-01 and file-01, all refused.', {
        alert: '48190',
        severity: 'low',
        group: 'Scan',
      }),
      entry('2', 'alert', '18:15:26', 'Rows of table users in an answer', 'Field ref of the order form, sent by 198.51.100.47.', {
        alert: '48209',
        severity: 'high',
        group: 'Web shell',
        cites: [packet(13_902_771, 0x1a4)],
      }),
      entry('3', 'event', '18:21:19', 'inv_2231.php uploaded', 'POST http://198.51.100.10/order/upload from 198.51.100.47', {
        event: '412317168640',
        group: 'Web shell',
      }),
      entry(
        '4',
        'alert',
        '18:21:47.412',
        'id ran through inv_2231.php',
        'uid=33(www-data) gid=33(www-data) groups=33(www-data)',
        {
          alert: '48213',
          severity: 'critical',
          group: 'Web shell',
          cites: [packet(14_310_206, 0xd6)],
          evidence: ['EV-01', 'EV-02'],
        },
      ),
      entry('5', 'call', '18:44:30', 'Customer duty called', 'Mr Han agreed to the isolation of file-01.', {
        until: time('18:49:05'),
        group: '',
      }),
      entry('6', 'action', '18:52:00', 'file-01 isolated', '', { group: 'Response' }),
      entry('7', 'note', '18:58:20', 'Handed over to J. Okafor', 'Internal: roster was thin.', { internal: true }),
      entry('8', 'event', '19:03:10', 'Partner feed names the address', 'A partner saw 198.51.100.47 elsewhere.', { tlp: 'RED' }),
    ],
    entities: [
      entity('attacker', 'address', '198.51.100.47', '', 'attacker', 'Internet'),
      entity('drop', 'address', '203.0.113.201', '', 'attacker', 'Internet'),
      entity('c2', 'domain', 'cdn-sync.example.net', '', 'attacker', 'Internet'),
      entity('web', 'host', 'web-01', '', 'target', 'DMZ'),
      entity('file', 'host', 'file-01', '', 'target', 'Servers'),
      entity('dc', 'host', 'dc-01', '', 'target', 'Servers'),
      entity('db', 'host', 'db-01', '', 'seen', 'Servers'),
      entity('ws', 'host', 'ws-114', '', 'seen', 'Clients'),
    ],
    edges: [
      edge('1', 'attacker', 'web', 'worked', 1, { en: 'Web shell uploaded', ko: '웹셸 업로드' }, '18:21:19', [alert('48213')]),
      edge('2', 'web', 'file', 'worked', 2, { en: 'Logged in over SMB', ko: 'SMB 로그인' }, '18:29:13', [event('412317169030')]),
      edge('3', 'file', 'dc', 'worked', 3, { en: 'Logged on as adm.lee', ko: 'adm.lee 로그온' }, '18:33:21', [
        event('412317169902'),
      ]),
      edge('4', 'file', 'c2', 'worked', 4, { en: 'Called out every 60 s', ko: '60초마다 외부 호출' }, '18:32:14', []),
      edge('5', 'file', 'drop', 'worked', 5, { en: 'Sent arc-0417.7z', ko: 'arc-0417.7z 전송' }, '18:39:54', [alert('48230')]),
      edge('6', 'attacker', 'dc', 'tried', null, { en: 'Port scan, refused', ko: '포트 스캔, 거부됨' }, '17:58:11', [
        alert('48190'),
      ]),
      edge('7', 'web', 'db', 'seen', null, { en: 'Ordinary queries', ko: '평소 질의' }, null, []),
      edge('8', 'ws', 'file', 'seen', null, { en: 'Ordinary file access', ko: '평소 파일 접근' }, null, []),
    ],
    sentences: [
      sentence(
        '1',
        'entry',
        1,
        {
          en: 'The field ref of the order form on web-01 answered UNION SELECT with rows of table users at 18:15:26.',
          ko: 'web-01 주문 양식의 ref 필드가 18:15:26에 UNION SELECT에 대해 users 테이블의 행으로 응답했습니다.',
        },
        [alert('48209'), packet(13_902_771, 0x1a4)],
      ),
      sentence(
        '2',
        'entry',
        1,
        {
          en: '198.51.100.47 uploaded inv_2231.php at 18:21:19 and ran id through it at 18:21:47.',
          ko: '198.51.100.47에서 18:21:19에 inv_2231.php 파일을 업로드하고 18:21:47에 이를 통해 id 명령을 실행했습니다.',
        },
        [alert('48213'), packet(14_310_206, 0xd6)],
        ['EV-01'],
      ),
      sentence(
        '3',
        'path',
        2,
        {
          en: 'With the password from config.inc.php web-01 logged in to file-01 over SMB and installed the service msupd.',
          ko: 'config.inc.php에 있던 암호로 web-01에서 file-01에 SMB로 로그인하여 msupd 서비스를 설치했습니다.',
        },
        [event('412317169030'), event('412317169044')],
      ),
      sentence(
        '4',
        'left',
        5,
        {
          en: 'file-01 sent arc-0417.7z, 214.6 MB, to 203.0.113.201 from 18:39:54 to 18:44:10.',
          ko: 'file-01에서 203.0.113.201로 arc-0417.7z 파일(214.6 MB)을 18:39:54부터 18:44:10까지 전송했습니다.',
        },
        [alert('48230')],
        ['EV-03'],
      ),
      sentence(
        '5',
        'weakness',
        null,
        {
          en: 'The upload form accepts .php; ref is joined into SQL (CWE-89).',
          ko: '업로드 양식이 .php 파일을 허용하며, ref 값이 SQL에 그대로 연결됩니다(CWE-89).',
        },
        [{ kind: 'asset', asset: 'web-01', row: 'services[0]' }],
        [],
        'web-01',
      ),
      sentence(
        '6',
        'advice',
        null,
        {
          en: 'Accept images only and keep uploads outside of the web root; bind parameters.',
          ko: '이미지 파일만 허용하고 업로드 폴더를 웹 루트 밖으로 옮기며, 매개변수 바인딩을 사용하십시오.',
        },
        [],
        [],
        'web-01',
      ),
      sentence(
        '7',
        'weakness',
        null,
        {
          en: 'svc_order may log on to file servers.',
          ko: 'svc_order 계정으로 파일 서버에 로그온할 수 있습니다.',
        },
        [event('412317169030')],
        [],
        'file-01',
        'proposed',
      ),
    ],
    actions: [
      action('1', 'done', 'contain', { en: 'Isolate file-01', ko: 'file-01 격리' }, 'S. Han', '18:52:00'),
      action(
        '2',
        'done',
        'contain',
        { en: 'Disable svc_order and adm.lee', ko: 'svc_order, adm.lee 사용 중지' },
        'S. Han',
        '18:57:40',
      ),
      action('3', 'open', 'eradicate', { en: 'Remove the web shell and msupd', ko: '웹셸과 msupd 제거' }, 'M. Seo', null),
      action(
        '4',
        'skipped',
        'contain',
        { en: 'Take web-01 offline', ko: 'web-01 중단' },
        'S. Han',
        '18:54:00',
        'Orders come in through it; the customer decided.',
      ),
    ],
    evidence: [
      evidence('EV-01', 'packets', 'webshell-2207.pcapng', 4634, 'edge-1800.pcapng, flow 198.51.100.47:51544 to 192.0.2.10:443'),
      evidence('EV-02', 'object', 'inv_2231.php', 1211, 'Uploaded file, from the flow of EV-01'),
      evidence('EV-03', 'file', 'arc-0417.7z', 214_600_112, 'file-01, D:\\finance\\q3'),
      { ...evidence('EV-04', 'record', 'partner-198.51.100.47.json', 812, 'Partner feed'), tlp: 'RED' },
    ],
    notes: [
      note('1', 'Archive name matches the D:\\finance\\q3 share listing from 18:38.', 'J. Okafor', false),
      note('2', '고객사 당직자 통화 후 격리를 진행했고, web-01은 주문 접수 때문에 유지합니다.', 'S. Han', false),
      note('3', 'Roster: ask for a second pair of eyes at nights. 10.0.0.7 is our own jump host.', 'M. Seo', true),
    ],
    ...changes,
  })
}

const entry = (id: string, kind: string, clock: string, title: string, text: string, more: Record<string, unknown>): unknown => ({
  id,
  kind,
  time: time(clock),
  until: null,
  title,
  text,
  severity: null,
  alert: null,
  event: null,
  cites: [],
  group: '',
  ...more,
})
const entity = (id: string, kind: string, value: string, label: string, role: string, zone: string): unknown => ({
  id,
  kind,
  value,
  label,
  role,
  zone,
  note: '',
})
const edge = (
  id: string,
  from: string,
  to: string,
  state: string,
  step: number | null,
  label: unknown,
  clock: string | null,
  cites: Cite[],
): unknown => ({ id, from, to, state, step, label, time: clock === null ? null : time(clock), cites })
const sentence = (
  id: string,
  section: string,
  step: number | null,
  text: unknown,
  cites: Cite[],
  evidence: string[] = [],
  asset: string | null = null,
  state = 'confirmed',
): unknown => ({ id, section, step, text, cites, evidence, asset, state })
const action = (
  id: string,
  state: string,
  phase: string,
  title: unknown,
  assignee: string,
  ended: string | null,
  reason = '',
): unknown => ({
  id,
  title,
  playbook: { en: 'Web exploit succeeded', ko: '웹 공격 성공' },
  phase: phase === 'contain' ? 'contained' : 'eradicated',
  assignee,
  due: ended === null ? time('19:10:00') : null,
  state,
  ended: ended === null ? null : time(ended),
  reason,
})
const evidence = (id: string, kind: string, name: string, bytes: number, origin: string) => ({
  id,
  kind,
  name,
  bytes,
  sha256: sum(name),
  origin,
  state: 'sealed',
  added: time('18:55:12'),
  addedBy: 'M. Seo',
})
const note = (id: string, text: string, createdBy: string, internal: boolean): unknown => ({
  id,
  text,
  created: time('18:58:00'),
  createdBy,
  internal,
})

/** The same story with as many entries and entities. The same numbers give the same incident. */
export function largeIncident(entries: number, entities: number): ReportSource {
  const small = madeIncident()
  const address = (n: number): string => `198.51.${100 + (n % 50)}.${n % 251}`
  return ReportSource.parse({
    ...small,
    entries: Array.from({ length: entries }, (_, n) => ({
      ...small.entries[n % 5],
      id: `n${n}`,
      time: new Date(Date.UTC(2026, 10, 19, 0, 0, n * 7)).toISOString(),
      until: null,
      title: `${small.entries[n % 5]?.title as string} (${n})`,
      text: `${address(n)} asked ${n % 3 === 0 ? 'web-01' : 'file-01'} for /order/item?id=${n * 37}&ref=${n.toString(36)}, 주문 화면에서 응답을 받았습니다.`,
      event: String(412_317_168_640 + n),
      evidence: n % 50 === 0 ? ['EV-02'] : [],
      tlp: null,
      internal: false,
    })),
    entities: [
      ...small.entities,
      ...Array.from({ length: Math.max(0, entities - small.entities.length) }, (_, n) => ({
        ...small.entities[0],
        id: `x${n}`,
        value: address(n * 3),
        role: 'seen',
      })),
    ],
  })
}
