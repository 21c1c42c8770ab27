import { defineImpactTest } from '../define.ts'
import { fileinfo, HOST, TARGET, windows } from '../reading/made-records.ts'
import { removalOf } from '../reading/removals.ts'
import { kindOfBytes, kindOfFile, transfersOf } from '../reading/transfers.ts'
import { citesOf, eventsOf, textOf } from '../reading/values.ts'

export default defineImpactTest({
  id: 'download-completed',
  family: 'next',
  title: { en: 'The download was completed', ko: '내려받기 완료' },
  reasoning: {
    en: 'Malware of which every byte arrived is on the host; one that was cut off, refused or not there is not.',
    ko: '끝까지 전송된 악성 파일은 호스트에 도착한 것입니다. 중간에 끊기거나 거부된 파일은 도착하지 않은 것입니다.',
  },
  spec: 'https://docs.suricata.io/en/latest/output/eve/eve-json-format.html#event-type-fileinfo',
  appliesTo: 'Malware that the target receives: EVE fileinfo, files of Zeek and of captures, and the answer of HTTP.',
  reads: ['own', 'flow', 'after', 'exchanges', 'target', 'attacker'],
  applies: ({ attackClass, target }) => attackClass === 'malware' && target.ip !== null,
  test(of) {
    const { own, flow, after, exchanges, target, complete, alert } = of
    const files = transfersOf(eventsOf(own, flow)).filter(({ to }) => to === target.ip)
    const asked = exchanges.filter((one) => one.own && one.client === target.ip)
    const stopped = own.some(({ type, fields }) => type === 'drop' || /^(?:blocked|drop|reject)/i.test(textOf(fields, 'action')))
    const removed = eventsOf(own, after).some((event) => removalOf(event)?.done === true)
    const ok = (status: number | null): boolean => status === null || (status >= 200 && status < 300)
    const whole = files.filter(({ whole: is, status, size }) => is === true && ok(status) && (size ?? 1) > 0)
    const program = whole.find((file) => kindOfFile(file) === 'program')
    const bytes = asked.find(({ body, status }) => body !== null && status === 200 && kindOfBytes(body.text) === 'program')
    const full = bytes !== undefined && bytes.body !== null && !bytes.body.cut && bytes.length === bytes.body.text.length
    const found = program ?? whole.find((file) => kindOfFile(file) !== 'other')
    if (found !== undefined || full) {
      if (removed || stopped) return null
      const sure = program !== undefined || full
      const hash = found?.hashes[0] ?? ''
      return {
        result: sure ? 'succeeded' : 'likely',
        confidence: sure ? 0.92 : 0.7,
        reason: {
          en: `${found?.name.slice(0, 200) || bytes?.url.slice(0, 200) || 'The file'} arrived whole at ${target.ip}${hash === '' ? '' : ` (${hash})`}.`,
          ko: `파일이 끝까지 전송되었습니다. 이름 ${found?.name.slice(0, 200) || bytes?.url.slice(0, 200) || '?'}, 받은 주소 ${target.ip}${hash === '' ? '' : `, 해시 ${hash}`}`,
        },
        cites: [...citesOf(found?.events ?? []), ...(found === undefined ? (bytes?.cites ?? []) : [])],
      }
    }
    const cut = files.filter(({ whole: is }) => is === false)
    const refusals = asked.filter(({ status }) => status !== null && status >= 400)
    const missing = files.filter(({ status }) => status !== null && status >= 400)
    // Where every request was refused, a file that is no program, and of which no status is known, is the page of the refusal.
    const pages = files.filter((file) => file.status === null && kindOfFile(file) === 'other')
    const all = asked.length > 0 && refusals.length === asked.length && missing.length + pages.length === files.length
    if (complete && alert.count <= Math.max(asked.length, own.length) && (all || (asked.length === 0 && files.length > 0 && missing.length === files.length)))
      return {
        result: 'failed',
        confidence: 0.85,
        reason: {
          en: `The server had no such file: HTTP ${refusals[0]?.status ?? missing[0]?.status ?? '?'}.`,
          ko: `서버에 파일이 없거나 제공이 거부되었습니다. HTTP ${refusals[0]?.status ?? missing[0]?.status ?? '?'}`,
        },
        cites: [...refusals.flatMap(({ cites }) => cites).slice(0, 4), ...citesOf(missing.flatMap(({ events }) => events), 4)],
      } // prettier-ignore
    if (cut.length > 0 && whole.length === 0)
      return {
        result: 'attempted',
        confidence: 0.5,
        reason: {
          en: `The sensor did not see the whole of ${cut[0]!.name.slice(0, 200) || 'the file'}: it was cut off, or not all of it was looked at.`,
          ko: `센서가 파일 전체를 보지 못했습니다. 전송이 끊겼거나 일부만 기록되었습니다. 이름 ${cut[0]!.name.slice(0, 200) || '?'}`,
        },
        cites: citesOf(cut.flatMap(({ events }) => events)),
      }
    return null
  },
  examples: [
    {
      name: 'a program, closed',
      of: {
        title: 'Trojan downloaded',
        own: [fileinfo(0, '/agent.exe', { 'file.type': 'application/x-dosexec', 'file.sha256': 'ab'.repeat(32) })],
      },
      expect: 'succeeded',
    },
    {
      name: 'an archive, closed',
      of: { title: 'Trojan downloaded', own: [fileinfo(0, '/invoice.zip', { 'file.type': 'application/zip' })] },
      expect: 'likely',
    },
    {
      name: 'cut off, or longer than what the sensor keeps',
      of: {
        title: 'Trojan downloaded',
        own: [fileinfo(0, '/agent.exe', { 'fileinfo.state': 'TRUNCATED', 'file.type': 'application/x-dosexec' })],
      },
      expect: 'attempted',
    },
    {
      name: 'not there',
      of: {
        title: 'Trojan downloaded',
        own: [fileinfo(0, '/agent.exe', { 'http.status': 404, 'file.type': 'text/html', 'file.size': 162 })],
      },
      expect: 'failed',
    },
    {
      name: 'protection took it away: another test says so',
      of: {
        title: 'Trojan downloaded',
        targetName: HOST,
        own: [fileinfo(0, '/agent.exe', { 'file.type': 'application/x-dosexec' })],
        after: [windows(2, 1117, 'Defender', { Path: 'file:_C:\\d\\agent.exe', ActionName: 'Quarantine', ErrorCode: '0x0' })],
      },
      expect: null,
    },
    {
      name: 'a page of a site of that name',
      of: { title: 'Trojan checkin', own: [fileinfo(0, '/', { 'file.type': 'text/html' })] },
      expect: null,
    },
    {
      name: 'the target sent it, to another',
      of: {
        title: 'Trojan downloaded',
        own: [fileinfo(0, '/agent.exe', { 'src.ip': TARGET, 'dst.ip': '10.9.9.9', 'file.type': 'application/x-dosexec' })],
      },
      expect: null,
    },
  ],
})
