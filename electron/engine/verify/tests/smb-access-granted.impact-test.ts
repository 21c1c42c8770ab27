import type { CaseEvent, ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { excerpt } from '../reading/forms.ts'
import { citesOf, eventsOf, numberOf, textOf } from '../reading/values.ts'

const CLASSES = new Set<ImpactCase['attackClass']>([
  'lateral_movement', 'malware', 'persistence', 'exfiltration', 'policy', 'scan', 'credential_access', 'login', null,
]) // prettier-ignore

interface Access {
  readonly granted: boolean
  readonly what: string
  readonly event: string
  /** A share that programs are started through, a service, or a file: more than the way there. */
  readonly much: boolean
}

const ADMIN = /(?:^|\\)(?:ADMIN|[A-Z])\$$/i
const PIPE = /(?:^|\\)IPC\$$/i
const DENIED =
  /ACCESS_DENIED|LOGON_FAILURE|BAD_NETWORK_NAME|NETWORK_ACCESS_DENIED|WRONG_PASSWORD|ACCOUNT_|OBJECT_NAME_NOT_FOUND|SHARING_VIOLATION|USER_SESSION_DELETED|0xc0000022|0xc000006d|0xc00000cc/i
/** MS-SCMR: CreateServiceW, StartServiceW, and their forms. */
const SERVICES = '367abb81-9844-35f1-ad32-98f038001003'
const MAKES_SERVICE = new Set([12, 19, 24, 31, 44, 45, 60])

function accessOf({ id, type, format, fields }: CaseEvent): Access | null {
  if (format === 'eve' && (type === 'smb' || type === 'alert')) {
    const command = textOf(fields, 'smb.command')
    const status = textOf(fields, 'smb.status') || textOf(fields, 'smb.status_code')
    if (command === '' || status === '') return null
    const granted = /SUCCESS|^0x0{1,8}$/i.test(status)
    if (!granted && !DENIED.test(status)) return null
    const share = textOf(fields, 'smb.share')
    if (/TREE_CONNECT/.test(command) && share !== '')
      return PIPE.test(share) && granted ? null : { granted, what: share, event: id, much: ADMIN.test(share) }
    if (/SESSION_SETUP/.test(command)) return granted ? null : { granted, what: 'SESSION SETUP', event: id, much: false }
    if (
      textOf(fields, 'smb.dcerpc.interface.uuid').toLowerCase() === SERVICES &&
      MAKES_SERVICE.has(numberOf(fields, 'smb.dcerpc.opnum') ?? -1)
    )
      return { granted, what: 'svcctl', event: id, much: true }
    const file = textOf(fields, 'file.path')
    return /CREATE|WRITE|READ/.test(command) && file !== ''
      ? { granted, what: file, event: id, much: /WRITE/.test(command) }
      : null
  }
  const zeek = format.startsWith('zeek') || format === 'capture'
  if (zeek && type === 'smb_mapping') {
    const path = textOf(fields, 'path')
    return path === '' || PIPE.test(path) ? null : { granted: true, what: path, event: id, much: ADMIN.test(path) }
  }
  if (zeek && type === 'smb_files') {
    const action = textOf(fields, 'action')
    return {
      granted: true,
      what: `${textOf(fields, 'file.path')}\\${textOf(fields, 'file.name')}`,
      event: id,
      much: /WRITE|DELETE|RENAME/.test(action),
    }
  }
  const number = numberOf(fields, 'win.event_id')
  if (number === 5140 || number === 5145) {
    const share = textOf(fields, 'ShareName')
    const outcome = textOf(fields, 'outcome')
    if (share === '' || outcome === '' || (PIPE.test(share) && outcome === 'success')) return null
    return { granted: outcome === 'success', what: share, event: id, much: ADMIN.test(share) }
  }
  return null
}

export default defineImpactTest({
  id: 'smb-access-granted',
  family: 'answer',
  title: { en: 'Access to the share was granted', ko: 'SMB 접근 허용' },
  reasoning: {
    en: 'The status of each answer says whether a share, a file or the service manager was given to who asked for it.',
    ko: '응답의 상태 코드가 공유, 파일, 서비스 관리자에 대한 접근의 허용 여부를 알려 줍니다.',
  },
  spec: 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-smb2/03d13c7d-71cf-4e7b-bd5c-1b8f6d7a8a9a',
  appliesTo:
    'Alerts on shares, files and services over SMB: EVE, Zeek, events of captures, Windows 5140 and 5145. Not exploits of SMB itself.',
  reads: ['own', 'flow'],
  applies: ({ attackClass, own, flow }) =>
    CLASSES.has(attackClass) &&
    [...own, ...flow].some(
      ({ type, fields }) => type.startsWith('smb') || fields['smb.command'] !== undefined || type === '5140' || type === '5145',
    ),
  test({ own, flow, attackClass }) {
    const seen = eventsOf(own, flow).flatMap((event) => accessOf(event) ?? [])
    const granted = seen.filter((one) => one.granted)
    const much = granted.find((one) => one.much)
    // Who scans for shares has found one.
    if (attackClass === 'scan' && granted.length > 0) return null
    if (much !== undefined)
      return {
        result: 'succeeded',
        confidence: 0.93,
        reason: { en: `Access was granted: ${excerpt(much.what)}`, ko: `접근이 허용되었습니다: ${excerpt(much.what)}` },
        cites: citesOf([much, ...granted].map(({ event }) => event)),
      }
    const [some] = granted
    if (some !== undefined)
      return {
        result: 'likely',
        confidence: 0.65,
        reason: { en: `Access was granted: ${excerpt(some.what)}`, ko: `접근이 허용되었습니다: ${excerpt(some.what)}` },
        cites: citesOf(granted.map(({ event }) => event)),
      }
    const [first] = seen
    if (first === undefined) return null
    return {
      result: 'failed',
      confidence: 0.88,
      reason: {
        en: `Access was denied, ${seen.length} of ${seen.length} times: ${excerpt(first.what)}`,
        ko: `접근이 ${seen.length}회 모두 거부되었습니다: ${excerpt(first.what)}`,
      },
      cites: citesOf(seen.map(({ event }) => event)),
    }
  },
  examples: [
    {
      name: 'ADMIN$ was given',
      of: {
        title: 'ADMIN$ share used from the DMZ',
        attack: ['T1021.002'],
        own: [
          {
            type: 'alert',
            fields: {
              'dst.port': 445,
              'smb.command': 'SMB2_COMMAND_TREE_CONNECT',
              'smb.share': '\\\\FILE-01\\ADMIN$',
              'smb.status': 'STATUS_SUCCESS',
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a program was written, as Zeek tells',
      of: {
        title: 'Program written to a share',
        attack: ['T1570'],
        own: [
          {
            type: 'smb_files',
            format: 'zeek-json',
            fields: { action: 'SMB::FILE_WRITE', 'file.path': '\\\\f\\C$', 'file.name': 'a.exe' },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'signed in, and the share denied',
      of: {
        title: 'ADMIN$ share used',
        attack: ['T1021.002'],
        flow: [
          { type: 'smb', fields: { 'smb.command': 'SMB2_COMMAND_SESSION_SETUP', 'smb.status': 'STATUS_SUCCESS' } },
          {
            at: 1,
            type: 'smb',
            fields: {
              'smb.command': 'SMB2_COMMAND_TREE_CONNECT',
              'smb.share': '\\\\f\\ADMIN$',
              'smb.status': 'STATUS_ACCESS_DENIED',
            },
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'an ordinary share',
      of: {
        title: 'SMB to a server never used before, lateral',
        flow: [{ type: 'smb_mapping', format: 'zeek-json', fields: { path: '\\\\f\\common', share_type: 'DISK' } }],
      },
      expect: 'likely',
    },
    {
      name: 'only the pipe that everybody may ask',
      of: {
        title: 'SMB lateral movement',
        flow: [
          {
            type: 'smb',
            fields: { 'smb.command': 'SMB2_COMMAND_TREE_CONNECT', 'smb.share': '\\\\f\\IPC$', 'smb.status': 'STATUS_SUCCESS' },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'a login of two steps is no refusal',
      of: {
        title: 'SMB lateral movement',
        flow: [
          {
            type: 'smb',
            fields: { 'smb.command': 'SMB2_COMMAND_SESSION_SETUP', 'smb.status': 'STATUS_MORE_PROCESSING_REQUIRED' },
          },
        ],
      },
      expect: null,
    },
    {
      name: 'an exploit of SMB itself is not judged by shares',
      of: {
        title: 'Exploit of SMBv1, remote code execution',
        flow: [
          {
            type: 'smb',
            fields: {
              'smb.command': 'SMB1_COMMAND_TREE_CONNECT_ANDX',
              'smb.share': '\\\\f\\C$',
              'smb.status': 'STATUS_ACCESS_DENIED',
            },
          },
        ],
      },
      expect: null,
    },
  ],
})
