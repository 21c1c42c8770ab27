import type { CaseEvent } from '../case.ts'
import { defineImpactTest, type Finding } from '../define.ts'
import { laterThan, mayFollow } from '../reading/attribution.ts'
import { alerted, ATTACKER, HOST, TARGET, windows } from '../reading/made-records.ts'
import { isServerAccount, isServerProgram } from '../reading/programs.ts'
import { onceEach } from '../reading/once-each.ts'
import { baseName, citesOf, eventsOf, isRecordOf, numberOf, plainAddress, secondsText, textOf } from '../reading/values.ts'

const SOON = 60_000_000
/** What a server runs when it is asked for it. */
const RUN_BY_SERVER = /\.(?:php\d?|phtml|phar|jspx?|jspf|aspx?|ashx|asmx|cfm|war)$/i
const WEB_ROOT =
  /\\inetpub\\|\\wwwroot\\|\\webapps\\|\\htdocs\\|\\owa\\auth\\|\/var\/www\/|\/srv\/www\/|\/usr\/share\/nginx\/|\/webapps\/|\/htdocs\/|\/public_html\//i
/** What servers write there themselves all day. */
const CACHE = /cache|compiled|sessions?[\\/]|tmp|temporary asp\.net files|\\work\\|views[\\/]|\.swp$/i
const PROGRAM = /\.(?:exe|dll|ps1|bat|cmd|vbs|hta|scr|sh|elf|so)$/i
const LOOSE = /\\temp\\|\\users\\public\\|\\programdata\\[^\\]{1,64}$|\\windows\\[^\\]{1,64}$|\/tmp\/|\/dev\/shm\/|\/var\/tmp\//i

/** The record tells of a file that was written: by the host itself, or over SMB as a sensor saw it. */
const isWrite = onceEach(({ type, fields }: CaseEvent): boolean => {
  if (textOf(fields, 'file.path') === '' || type === 'smb') return false
  const action = textOf(fields, 'action')
  if (type === 'smb_files') return /WRITE/.test(action)
  const id = numberOf(fields, 'win.event_id')
  if (id === 11) return /Sysmon/.test(textOf(fields, 'win.channel'))
  return fields['win.event_id'] === undefined && /creat|write|rename|modif/i.test(action)
})

export default defineImpactTest({
  id: 'file-dropped-after',
  family: 'next',
  title: { en: 'A program or script is left', ko: '악성 파일 생성' },
  reasoning: {
    en: 'A server that writes a script into its own site, or a program into a folder of nobody, right after a request was made to do so.',
    ko: '요청 직후 서버가 웹 폴더에 스크립트를 쓰거나 임시 폴더에 실행 파일을 쓰면 그 요청이 시킨 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1505/003/',
  appliesTo:
    'Attacks that, if they work, give power over the host: Sysmon 11 and file records of the target, and programs written to its shares by the attacker.',
  reads: ['own', 'flow', 'after', 'attacker', 'target', 'asset'],
  applies: mayFollow,
  test(of) {
    const { alert, target, attacker } = of
    const findings = eventsOf(of.own, of.flow, of.after).flatMap((event): Finding[] => {
      if (!isWrite(event) || event.time < alert.first) return []
      const { fields, type } = event
      const path = textOf(fields, 'file.path')
      const later = laterThan(of, event.time)
      const say = (result: 'succeeded' | 'likely', confidence: number, file: string, by: string): Finding => ({
        result,
        confidence,
        reason: {
          en: `${secondsText(later)} s after the request ${by} wrote ${file.slice(0, 300)}.`,
          ko: `요청 후 ${secondsText(later)}초 뒤 파일이 생성되었습니다. 파일: ${file.slice(0, 300)}, 주체: ${by}`,
        },
        cites: citesOf([event.id]),
      })
      // Over SMB, as a sensor saw it.
      if (type === 'smb_files') {
        if (plainAddress(textOf(fields, 'dst.ip')) !== target.ip) return []
        const name = textOf(fields, 'file.name')
        const from = plainAddress(textOf(fields, 'src.ip'))
        const share = /(?:^|\\)(?:admin|[a-z])\$(?:\\|$)/i.test(path)
        if (from !== attacker.ip || !PROGRAM.test(name) || !share) return []
        return [say(of.attackClass === 'lateral_movement' ? 'succeeded' : 'likely', of.attackClass === 'lateral_movement' ? 0.92 : 0.75, `${path}\\${name}`, from)] // prettier-ignore
      }
      if (textOf(fields, 'outcome') === 'failure' || !isRecordOf(event, target, of.asset?.name)) return []
      const by = baseName(textOf(fields, 'process.path'))
      const server = isServerProgram(by) || (by === '' && isServerAccount(textOf(fields, 'user.name')))
      if (!server || CACHE.test(WEB_ROOT.test(path) ? path : '')) return []
      if (RUN_BY_SERVER.test(path) && WEB_ROOT.test(path))
        return [say(later <= SOON ? 'succeeded' : 'likely', later <= SOON ? 0.93 : 0.5, path, by || textOf(fields, 'user.name'))]
      if (PROGRAM.test(path) && LOOSE.test(path)) return [say('likely', later <= SOON ? 0.7 : 0.4, path, by)]
      return []
    })
    const rank = ({ result, confidence }: Finding): number => (result === 'succeeded' ? 1 : 0) + confidence
    return findings.length === 0 ? null : findings.reduce((best, one) => (rank(one) > rank(best) ? one : best))
  },
  examples: [
    {
      name: 'the web server writes a script into its site',
      of: {
        title: 'Remote code execution in the mail front end',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(2, 11, 'Sysmon', {
            'process.path': 'C:\\Windows\\System32\\inetsrv\\w3wp.exe',
            'file.path': 'C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx',
          }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a program is written to the administrative share',
      of: {
        title: 'ADMIN$ share used, lateral movement',
        own: [alerted(0, { 'dst.port': 445 })],
        after: [
          {
            at: 2,
            type: 'smb_files',
            format: 'zeek-tsv',
            fields: {
              'src.ip': ATTACKER,
              'dst.ip': TARGET,
              'dst.port': 445,
              action: 'SMB::FILE_WRITE',
              'file.path': '\\\\file-01\\ADMIN$',
              'file.name': 'msupd.exe',
            },
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'the database writes a program to a folder of nobody',
      of: {
        title: 'SQL injection',
        targetName: HOST,
        own: [alerted(0)],
        after: [windows(5, 11, 'Sysmon', { 'process.path': 'C:\\MSSQL\\sqlservr.exe', 'file.path': 'C:\\Users\\Public\\a.exe' })],
      },
      expect: 'likely',
    },
    {
      name: 'a compiled page in the cache, and an invoice',
      of: {
        title: 'SQL injection',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(5, 11, 'Sysmon', {
            'process.path': 'C:\\inetsrv\\w3wp.exe',
            'file.path': 'C:\\inetpub\\wwwroot\\cache\\page.aspx',
          }),
          windows(6, 11, 'Sysmon', {
            'process.path': 'C:\\inetsrv\\w3wp.exe',
            'file.path': 'C:\\inetpub\\wwwroot\\uploads\\invoice.pdf',
          }),
        ],
      },
      expect: null,
    },
    {
      name: 'an administrator brings a new version of the site',
      of: {
        title: 'SQL injection',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(5, 11, 'Sysmon', { 'process.path': 'C:\\Windows\\explorer.exe', 'file.path': 'C:\\inetpub\\wwwroot\\a.aspx' }),
        ],
      },
      expect: null,
    },
    {
      name: 'a colleague stores a sheet on a share',
      of: {
        title: 'ADMIN$ share used, lateral movement',
        own: [alerted(0, { 'dst.port': 445 })],
        after: [
          {
            at: 2,
            type: 'smb_files',
            format: 'zeek-tsv',
            fields: {
              'src.ip': '10.1.0.7',
              'dst.ip': TARGET,
              action: 'SMB::FILE_WRITE',
              'file.path': '\\\\file-01\\common',
              'file.name': 'q3.xlsx',
            },
          },
        ],
      },
      expect: null,
    },
  ],
})
