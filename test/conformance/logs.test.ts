/** Syslog and plain text against a stated parse of every line; CEF against a reader of another make; Windows and Linux events. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { csvRow } from '../../electron/engine/ingest/normalise/csv.ts'
import cef from '../../electron/engine/ingest/parsers/cef.parser.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'
import { countBy, parseFile } from './parse-file.ts'

const folder = corpus('logs')

/** Rows of a table that has quoted line ends, by column name. */
function table(path: string): Record<string, string>[] {
  const rows: Record<string, string>[] = []
  let names: readonly string[] = []
  let pending = ''
  for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
    pending = pending === '' ? line : `${pending}\n${line}`
    const row = csvRow(pending, ',')
    if (!Array.isArray(row) || pending === '') continue
    pending = ''
    if (names.length === 0) names = row
    else rows.push(Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])))
  }
  return rows
}
const linesOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const monthAndDay = (month: string, day: string): string =>
  `${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`

if (folder === null) it.skip(NO_CORPORA)
else
  describe('the logs corpus', () => {
    const loghub = (name: string) => ({
      parsed: parseFile(join(folder, 'loghub', `${name}_2k.log`), { zone: 'UTC' }),
      stated: table(join(folder, 'loghub', `${name}_2k.log_structured.csv`)),
    })

    it('reads sshd as stated: time, host, program, pid, message', () => {
      const { parsed, stated } = loghub('OpenSSH')
      expect([parsed.format, parsed.rejected, parsed.events.length]).toEqual(['syslog-3164', [], stated.length])
      let addresses = 0
      stated.forEach((row, i) => {
        const { time, timeNote, type, fields } = parsed.events[i]!
        expect([time.slice(5, 10), time.slice(11, 19), timeNote]).toEqual([
          monthAndDay(row['Date']!, row['Day']!),
          row['Time'],
          'assumed_year',
        ])
        expect([type, fields['host.name'], fields['log.program'], fields['process.pid'], fields['message']]).toEqual([
          'sshd',
          row['Component'],
          'sshd',
          Number(row['Pid']),
          row['Content'],
        ])
        const from = /(?:from |rhost=|\[)((?:\d{1,3}\.){3}\d{1,3})(?![\w.-])/.exec(row['Content']!)
        if (from !== null) {
          addresses++
          expect([row['Content'], fields['src.ip']]).toEqual([row['Content'], from[1]])
        }
        if (row['EventTemplate']!.startsWith('Failed password')) expect(fields['outcome']).toBe('failure')
      })
      const outcomes = countBy(parsed.events, ({ fields }) => String(fields['outcome'] ?? 'none'))
      console.log(`logs: sshd ${stated.length} lines agree, ${addresses} with an address, outcomes ${JSON.stringify(outcomes)}`)
    })

    it('reads the Mac log as stated', () => {
      const { parsed, stated } = loghub('Mac')
      expect([parsed.format, parsed.rejected, parsed.events.length]).toEqual(['syslog-3164', [], stated.length])
      stated.forEach((row, i) => {
        const { time, fields } = parsed.events[i]!
        expect([time.slice(5, 10), time.slice(11, 19)]).toEqual([monthAndDay(row['Month']!, row['Date']!), row['Time']])
        expect([fields['host.name'], fields['log.program'], fields['process.pid'], fields['message']]).toEqual([
          row['User'],
          row['Component'],
          Number(row['PID']),
          row['Content'],
        ])
      })
      console.log(`logs: Mac ${stated.length} lines agree`)
    })

    it('reads the Windows servicing log as stated', () => {
      const { parsed, stated } = loghub('Windows')
      expect([parsed.format, parsed.rejected, parsed.events.length]).toEqual(['text', [], stated.length])
      stated.forEach((row, i) => {
        const { time, timeNote, fields } = parsed.events[i]!
        expect([time.slice(0, 10), time.slice(11, 19), timeNote]).toEqual([row['Date'], row['Time'], 'assumed_zone'])
        expect([fields['log.level'], fields['log.program'], fields['message']]).toEqual([
          row['Level'],
          row['Component'],
          row['Content'],
        ])
      })
      console.log(`logs: Windows text ${stated.length} lines agree`)
    })

    it('reads every CEF line: seven header fields and the extension', () => {
      let keys = 0
      let lines = 0
      for (const name of readdirSync(join(folder, 'cef'))) {
        const path = join(folder, 'cef', name)
        const { format, events, rejected } = parseFile(path)
        const wanted = linesOf(path)
        expect([format, rejected, events.length]).toEqual(['cef', [], wanted.length])
        wanted.forEach((line, i) => {
          const { fields } = events[i]!
          const { header, extension } = readCef(line)
          const got = [
            fields['cefVersion'],
            fields['device.vendor'] ?? '',
            fields['device.product'] ?? '',
            fields['device.version'] ?? '',
            fields['deviceEventClassId'],
            fields['name'],
            fields['severity'],
          ]
          expect(got).toEqual(header)
          for (const [key, value] of extension) {
            const field = fields[key] ?? fields[cef.aliases[key] ?? '']
            expect([line, key, String(field)]).toEqual([line, key, key === 'proto' ? value.toLowerCase() : value])
            keys++
          }
        })
        lines += wanted.length
      }
      console.log(`logs: ${lines} CEF lines, ${keys} extension values agree`)
      expect(keys).toBeGreaterThan(40)
    })

    it('reads every line of the recorded Windows and Linux attacks', () => {
      let total = 0
      const formats: Record<string, number> = {}
      for (const name of readdirSync(join(folder, 'security-datasets'))) {
        const path = join(folder, 'security-datasets', name)
        const lines = linesOf(path)
        const { format, events, rejected } = parseFile(path)
        expect([name, format, rejected, events.length]).toEqual([
          name,
          name.startsWith('linux') ? 'auditd' : 'windows-json',
          [],
          lines.length,
        ])
        lines.forEach((line, i) => {
          const { type, timeNote, fields } = events[i]!
          expect(timeNote).not.toBe('received')
          if (format === 'auditd') {
            expect(line).toContain(`type=${type} `)
            return
          }
          const record = JSON.parse(line) as Record<string, unknown>
          expect(type).toBe(String(record['EventID']))
          expect(fields['win.event_id']).toBe(Number(record['EventID']))
          expect(fields['win.channel']).toBe(record['Channel'])
          expect(fields['host.name']).toBe(record['Hostname'])
          if (record['Image'] !== undefined) expect(fields['process.path']).toBe(record['Image'])
          if (record['CommandLine'] !== undefined) expect(fields['process.command']).toBe(record['CommandLine'])
        })
        total += events.length
        formats[format!] = (formats[format!] ?? 0) + events.length
      }
      console.log(`logs: ${total} recorded attack events, ${JSON.stringify(formats)}`)
    })
  })

/** CEF by regular expressions, on lines whose escapes were hidden first. */
function readCef(line: string): { header: string[]; extension: [string, string][] } {
  const hidden = line.replaceAll('\\\\', '\u0001').replaceAll('\\|', '\u0002').replaceAll('\\=', '\u0003')
  const shown = (text: string, inHeader: boolean): string =>
    (inHeader ? text : text.replaceAll('\\n', '\n').replaceAll('\\r', '\r'))
      .replaceAll('\u0001', '\\')
      .replaceAll('\u0002', '|')
      .replaceAll('\u0003', '=')
  const match = /^CEF:((?:[^|]*\|){7})(.*)$/s.exec(hidden)!
  const header = match[1]!.split('|').slice(0, 7)
  const extension = [...match[2]!.matchAll(/(?:^|\s)([\w.,@[\]-]+)=(.*?)(?=\s+[\w.,@[\]-]+=|$)/gs)]
  return {
    header: header.map((text) => shown(text, true)),
    extension: extension.map(([, key, value]) => [key!, shown(value!, false).trim()]),
  }
}
