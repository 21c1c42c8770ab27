import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { damageOf } from '../../evtx/damage-line.ts'
import { CANONICAL_FIELDS } from '../../../../shared/model/fields.ts'
import { JsonFields, type NameNode } from '../normalise/json-fields.ts'
import { firstObjects, jsonObject, majority, share } from '../normalise/json-record.ts'
import { Clock } from '../normalise/time.ts'
import { auditOutcome, creationAliases, eventDataAliases, systemAliases } from '../normalise/windows.ts'
import { defineParser, type ParseResult } from './define.ts'

type Json = Readonly<Record<string, unknown>>

const own = (object: Json | undefined, key: string): unknown =>
  object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined
const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
/** A name that no object has by itself: those are read without asking whether the object's own is meant. */
type Attribute = 'Name' | 'Guid' | 'ProcessID' | 'ThreadID' | 'UserID' | 'ActivityID' | 'SystemTime'
/** An attribute of an XML element, as the converters write it. */
const attribute = (element: unknown, name: Attribute): unknown => {
  const object = asObject(element)
  if (object === undefined) return undefined
  return asObject(object['#attributes'])?.[name] ?? object[`@${name}`] ?? object[name]
}
/** Text of an XML element that may have attributes. */
const content = (element: unknown): unknown => {
  const object = asObject(element)
  return object === undefined ? element : (object['#text'] ?? object['Value'] ?? object['$t'])
}

/** ECS and Beats names on the top level of Winlogbeat's events. */
const ecsAliases: Readonly<Record<string, string>> = Object.fromEntries(
  CANONICAL_FIELDS.filter(
    ({ ecs, name }) => ecs !== null && ecs !== name && !name.startsWith('log.') && !['event.id', 'rule.id'].includes(ecs),
  ).map(({ ecs, name }) => [ecs!, name]),
)

const aliases: Readonly<Record<string, string>> = {
  ...eventDataAliases,
  ...systemAliases,
  ...Object.fromEntries(Object.entries(systemAliases).map(([name, canonical]) => [`winlog.${name}`, canonical])),
  ...Object.fromEntries(Object.entries(eventDataAliases).map(([name, canonical]) => [`winlog.event_data.${name}`, canonical])),
  'event.code': 'win.event_id',
  'log.level': 'log.level',
}

/** `/Date(1767323045123)/` → milliseconds. */
function fromDotNet(value: unknown): unknown {
  const match =
    typeof value === 'string' && value.length < 40 && value.startsWith('/') ? /^\/Date\((\d{1,16})[^)]*\)\/$/.exec(value) : null
  return match === null ? value : Number(match[1])
}

const isEventId = (value: unknown): value is number | string =>
  typeof value === 'number'
    ? Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff
    : typeof value === 'string' && /^\d{1,10}$/.test(value)

const APART = '_attributes'
const UNDERLINE = 0x5f
/** The name of an element, where this is that of its attributes: the other way in which converters write them. */
const elementOf = (key: string): string =>
  // Asked of every element of every event: mostly one character tells.
  key.length > APART.length && key.charCodeAt(key.length - APART.length) === UNDERLINE && key.endsWith(APART)
    ? key.slice(0, -APART.length)
    : key

/** Read apart from the other names. */
const TIMES = new Set(['@timestamp', 'EventTime', 'TimeCreated', '@t'])

export default defineParser({
  id: 'windows-json',
  title: 'Windows events',
  spec: 'https://learn.microsoft.com/en-us/windows/win32/wes/eventschema-systempropertiestype-complextype',
  doc: "Event log files (.evtx), which are read as lines of their records' XML as JSON. And as JSON: Winlogbeat's nested form (`winlog.event_data`), NXLog's, PowerShell's (`Get-WinEvent | ConvertTo-Json`) and other flat forms, and the event's XML as JSON (`Event.System`, `Event.EventData` or `UserData`, attributes under `#attributes` or `@name`); one object per line, several over lines, or an array. Type is the event id. Names of EventData stand without their path and without blanks (`Threat Name` → `ThreatName`). The time is TimeCreated's, else a time with a zone, else Sysmon's UtcTime, else `@timestamp`, else one in the source's zone. Hashes, the user's domain and the process's name are also taken apart.",
  priority: 800,
  framing: 'json',
  stateless: true,
  sniff: (records) => {
    const objects = firstObjects(records)
    return (
      majority(
        share(objects, (object) => {
          const event = asObject(own(object, 'Event')) ?? asObject(own(object, 'event'))
          if (asObject(own(event, 'System')) !== undefined || asObject(own(object, 'System')) !== undefined) return true
          const winlog = asObject(own(object, 'winlog'))
          if (winlog !== undefined || Object.hasOwn(object, 'winlog.event_id') || Object.hasOwn(object, 'winlog.channel'))
            return true
          // PowerShell's Get-WinEvent.
          if (
            own(object, 'Id') !== undefined &&
            own(object, 'LogName') !== undefined &&
            own(object, 'ProviderName') !== undefined
          )
            return true
          const id = own(object, 'EventID') ?? own(object, 'EventId') ?? own(object, 'event_id')
          if (id === undefined) return false
          return [
            'Channel',
            'channel',
            'SourceName',
            'ProviderGuid',
            'Provider',
            'ProviderName',
            'Computer',
            'Hostname',
            'EventRecordID',
            'provider_name',
          ].some((name) => Object.hasOwn(object, name))
        }),
      ) * 0.96
    )
  },
  aliases,
  create({ fields, zone, received }) {
    const clock = new Clock(zone, received)
    const usual = new JsonFields(fields, { aliases })
    const creation = new JsonFields(fields, { aliases: { ...aliases, ...creationAliases } })
    const outer = new JsonFields(fields, { aliases: { ...ecsAliases, ...aliases } })
    const id = {
      event: fields.id('win.event_id'),
      channel: fields.id('win.channel'),
      provider: fields.id('win.provider'),
      record: fields.id('win.record_id'),
      host: fields.id('host.name'),
      path: fields.id('process.path'),
      process: fields.id('process.name'),
      user: fields.id('user.name'),
      domain: fields.id('user.domain'),
      outcome: fields.id('outcome'),
      md5: fields.id('file.md5'),
      sha1: fields.id('file.sha1'),
      sha256: fields.id('file.sha256'),
    }
    /** Fields of events' own names: -1 until an event has had them. */
    const native = { user: -1, hashes: -1, keywords: -1 }
    const types = new Map<unknown, string>()
    let lastWords = ''
    let lastOutcome: ReturnType<typeof auditOutcome>

    const put = (names: JsonFields, key: string, value: unknown, row: EventRow): void => {
      // A name with blanks is never among those that are known: it is there without them.
      const node = names.root.children?.get(key) ?? names.child(names.root, key.includes(' ') ? key.replaceAll(' ', '') : key)
      if (node !== undefined) names.any(node, value, row)
    }
    /** EventData or one child of UserData: an object of values, or a list of `Data` elements with and without names. */
    const data = (names: JsonFields, part: unknown, row: EventRow): void => {
      const object = asObject(part)
      if (object === undefined) {
        if (typeof part === 'string' || Array.isArray(part)) put(names, 'Data', part, row)
        return
      }
      for (const key in object) {
        const value = object[key]
        if (key === '#attributes' || key.startsWith('@') || key === 'xmlns') continue
        if (key !== 'Data') {
          put(names, key, asObject(value) === undefined ? value : (content(value) ?? value), row)
          continue
        }
        const items: readonly unknown[] = Array.isArray(value) ? value : [value]
        const unnamed: unknown[] = []
        for (const item of items.slice(0, 512)) {
          const name = attribute(item, 'Name')
          if (typeof name === 'string') put(names, name, content(item) ?? '', row)
          else {
            const text = content(item)
            if (text !== undefined && text !== null) unnamed.push(text)
          }
        }
        if (unnamed.length > 0) put(names, 'Data', unnamed, row)
      }
    }

    const xml = (event: Json, row: EventRow): unknown => {
      const system = asObject(event['System']) ?? {}
      const eventData = event['EventData']
      const names = asObject(eventData) !== undefined && Object.hasOwn(eventData as Json, 'NewProcessId') ? creation : usual
      const number = content(system['EventID'])
      for (const key in system) {
        const value = system[key]
        switch (elementOf(key)) {
          case 'Provider':
            put(names, 'Provider_Name', attribute(value, 'Name'), row)
            put(names, 'ProviderGuid', attribute(value, 'Guid'), row)
            break
          case 'TimeCreated':
            break
          case 'Execution':
            put(names, 'ExecutionProcessID', attribute(value, 'ProcessID'), row)
            put(names, 'ThreadID', attribute(value, 'ThreadID'), row)
            break
          case 'Security':
            put(names, 'UserID', attribute(value, 'UserID'), row)
            break
          case 'Correlation':
            put(names, 'ActivityID', attribute(value, 'ActivityID'), row)
            break
          default:
            put(names, key, content(value), row)
        }
      }
      data(names, eventData, row)
      const userData = asObject(event['UserData'])
      for (const key in userData) if (key !== '#attributes') data(names, userData[key], row)
      const rendering = asObject(event['RenderingInfo'])
      if (rendering !== undefined) put(names, 'Message', content(rendering['Message']), row)
      const created = system['TimeCreated'] ?? system[`TimeCreated${APART}`]
      time([asObject(created)?.['#text'], attribute(created, 'SystemTime')], asObject(eventData)?.['UtcTime'], undefined, row)
      return number
    }

    /** The shipper takes the action from the event's task, and a provider without tasks has `None`: no action. */
    const acting = (key: string, value: unknown): unknown => {
      const event = key === 'event' ? asObject(value) : undefined
      if (own(event, 'action') !== 'None') return value
      const { action: _, ...rest } = event!
      return rest
    }

    const winlogbeat = (object: Json, winlog: Json, row: EventRow): unknown => {
      const eventData = own(winlog, 'event_data')
      const names = asObject(eventData) !== undefined && Object.hasOwn(eventData as Json, 'NewProcessId') ? creation : usual
      const top = outer.child(outer.root, 'winlog')
      for (const key in winlog) {
        if (key === 'event_data' || key === 'user_data') data(names, winlog[key], row)
        else if (
          key === 'keywords' ||
          key === 'event_id' ||
          key === 'channel' ||
          key === 'provider_name' ||
          key === 'record_id' ||
          key === 'computer_name'
        )
          put(names, key, winlog[key], row)
        else if (top !== undefined) {
          const node: NameNode | undefined = outer.child(top, key)
          if (node !== undefined) outer.any(node, winlog[key], row)
        }
      }
      for (const key in object) if (key !== 'winlog' && !TIMES.has(key)) put(outer, key, acting(key, object[key]), row)
      time([own(object, '@timestamp')], undefined, undefined, row)
      return own(winlog, 'event_id') ?? own(asObject(own(object, 'event')), 'code')
    }

    const flat = (object: Json, row: EventRow): unknown => {
      const names = Object.hasOwn(object, 'NewProcessId') ? creation : usual
      for (const key in object) {
        const value = object[key]
        if (TIMES.has(key)) continue
        if (key === 'EventData' || key === 'event_data') data(names, value, row)
        else put(names, key, value, row)
      }
      const source = own(object, 'SourceName')
      if (typeof source === 'string' && row.get(id.provider) === undefined) row.set(id.provider, source)
      const number =
        own(object, 'EventID') ??
        own(object, 'EventId') ??
        own(object, 'event_id') ??
        own(object, 'winlog.event_id') ??
        own(object, 'Id')
      time(
        [own(object, 'EventTime'), own(object, 'TimeCreated')],
        own(object, 'UtcTime'),
        own(object, '@timestamp') ?? own(object, '@t'),
        row,
      )
      return content(number)
    }

    /** The first of: a record's time with a zone, Sysmon's UtcTime, the shipper's time, a record's time without one. */
    const time = (given: readonly unknown[], utc: unknown, shipped: unknown, row: EventRow): void => {
      clock.begin(row)
      const times = given.map(fromDotNet)
      for (const value of times) if (value !== undefined && clock.value(value, row) && row.timeNote === 0) return
      if (typeof utc === 'string' && utc.length < 40 && clock.value(`${utc}Z`, row)) return
      if (shipped !== undefined && clock.value(shipped, row)) return
      for (const value of times) if (value !== undefined && clock.value(value, row)) return
      clock.giveReceived(row)
    }

    /** Fields that follow from others. */
    const derive = (row: EventRow): void => {
      const path = row.get(id.path)
      if (typeof path === 'string' && row.get(id.process) === undefined) {
        const name = path.slice(path.lastIndexOf('\\') + 1)
        if (name !== '') row.set(id.process, name)
      }
      if (native.user < 0) native.user = fields.find('User')
      const user = row.get(native.user)
      if (typeof user === 'string' && row.get(id.user) === undefined) {
        const slash = user.indexOf('\\')
        row.set(id.user, user.slice(slash + 1))
        if (slash > 0) row.set(id.domain, user.slice(0, slash))
      }
      if (native.hashes < 0) native.hashes = fields.find('Hashes')
      const hashes = row.get(native.hashes)
      if (typeof hashes === 'string') {
        for (const pair of hashes.split(',', 8)) {
          const equals = pair.indexOf('=')
          const value = pair.slice(equals + 1)
          switch (pair.slice(0, equals)) {
            case 'MD5':
              row.set(id.md5, value.toLowerCase())
              break
            case 'SHA1':
              row.set(id.sha1, value.toLowerCase())
              break
            case 'SHA256':
              row.set(id.sha256, value.toLowerCase())
              break
            case 'IMPHASH':
              row.set(fields.id('Imphash'), value)
          }
        }
      }
      if (row.get(id.outcome) === undefined) {
        if (native.keywords < 0) native.keywords = fields.find('Keywords')
        const words = row.get(native.keywords) ?? row.get(fields.find('keywords')) ?? row.get(fields.find('EventType'))
        // Most events of a log have the keywords of the one before.
        const outcome = typeof words === 'string' && words === lastWords ? lastOutcome : auditOutcome(words)
        if (typeof words === 'string') {
          lastWords = words
          lastOutcome = outcome
        }
        if (outcome !== undefined) row.set(id.outcome, outcome)
      }
    }

    /** `text`: what the record was read from; empty where it was no text. */
    const read = (object: Json, text: string, row: EventRow): ParseResult => {
      usual.begin(text)
      creation.begin(text)
      outer.begin(text)
      const damaged = damageOf(object)
      if (damaged !== null) return { rejected: damaged }
      const event = asObject(object['Event']) ?? (asObject(object['System']) === undefined ? undefined : object)
      const winlog = asObject(object['winlog'])
      const number =
        event !== undefined ? xml(event, row) : winlog !== undefined ? winlogbeat(object, winlog, row) : flat(object, row)
      if (!isEventId(number)) return { rejected: say('no_event_id') }
      let type = types.get(number)
      if (type === undefined) {
        type = String(number)
        if (types.size < 4096) types.set(number, type)
      }
      row.type = type
      row.set(id.event, Number(number))
      derive(row)
      return 'event'
    }

    return {
      parse(text: string, row: EventRow) {
        const object = jsonObject(text)
        if (typeof object === 'string') return text.trim() === '' ? 'header' : { rejected: say(object) }
        return read(object, text, row)
      },
      object: (record: Json, row: EventRow) => read(record, '', row),
    }
  },
  examples: [
    {
      name: 'the XML as JSON: Sysmon 1, over several lines, twice',
      input: `{
  "Event": {
    "#attributes": { "xmlns": "http://schemas.microsoft.com/win/2004/08/events/event" },
    "System": {
      "Provider": { "#attributes": { "Name": "Microsoft-Windows-Sysmon", "Guid": "5770385F" } },
      "EventID": 1, "Level": 4, "Keywords": "0x8000000000000000",
      "TimeCreated": { "#attributes": { "SystemTime": "2026-01-02T03:04:05.646624Z" } },
      "EventRecordID": 86918, "Correlation": null,
      "Execution": { "#attributes": { "ProcessID": 3208, "ThreadID": 1724 } },
      "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "ws7.corp.example",
      "Security": { "#attributes": { "UserID": "S-1-5-18" } }
    },
    "EventData": {
      "UtcTime": "2026-01-02 03:04:05.640", "ProcessId": 6180, "Image": "C:\\\\Windows\\\\System32\\\\cmd.exe",
      "CommandLine": "cmd /c \\"whoami\\"", "User": "CORP\\\\kim", "ParentImage": "C:\\\\Windows\\\\explorer.exe", "ParentProcessId": "0x18",
      "Hashes": "MD5=FF9D,SHA256=A80C,IMPHASH=3D43"
    }
  }
}
{"Event":{"System":{"Provider":{"@Name":"Microsoft-Windows-Windows Defender"},"EventID":{"#text":"1116","@Qualifiers":"0"},"TimeCreated":{"@SystemTime":"2026-01-02T03:04:06Z"},"Channel":"Microsoft-Windows-Windows Defender/Operational","Computer":"ws7"},"EventData":{"Data":[{"@Name":"Threat Name","#text":"Tool:EICAR"},{"@Name":"Path"}]}}}`,
      expect: [
        {
          time: '2026-01-02T03:04:05.646624Z',
          type: '1',
          fields: {
            'win.event_id': 1,
            'win.channel': 'Microsoft-Windows-Sysmon/Operational',
            'win.provider': 'Microsoft-Windows-Sysmon',
            'win.record_id': 86918,
            'host.name': 'ws7.corp.example',
            ExecutionProcessID: 3208,
            'process.pid': 6180,
            'process.path': 'C:\\Windows\\System32\\cmd.exe',
            'process.name': 'cmd.exe',
            'process.command': 'cmd /c "whoami"',
            'process.parent.path': 'C:\\Windows\\explorer.exe',
            'process.parent.pid': 24,
            User: 'CORP\\kim',
            'user.name': 'kim',
            'user.domain': 'CORP',
            'file.md5': 'ff9d',
            'file.sha256': 'a80c',
            Imphash: '3D43',
            Hashes: 'MD5=FF9D,SHA256=A80C,IMPHASH=3D43',
          },
        },
        {
          time: '2026-01-02T03:04:06.000Z',
          type: '1116',
          fields: { ThreatName: 'Tool:EICAR', Path: '', 'win.provider': 'Microsoft-Windows-Windows Defender' },
        },
      ],
    },
    {
      name: 'PowerShell, and attributes written apart',
      input: [
        '[{"Id":7045,"LogName":"System","ProviderName":"Service Control Manager","MachineName":"ws7","RecordId":12,"TimeCreated":"/Date(1767323045123)/","Message":"A service was installed."},',
        '{"Event":{"System":{"Provider_attributes":{"Name":"Microsoft-Windows-Eventlog"},"EventID":1102,"TimeCreated_attributes":{"SystemTime":"2026-01-02T03:04:06Z"},"Channel":"Security","Computer":"ws7"},"UserData":{"LogFileCleared":{"#attributes":{"xmlns":"x"},"SubjectUserName":"kim"}}}}]',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.123Z',
          type: '7045',
          fields: {
            'win.event_id': 7045,
            'win.channel': 'System',
            'win.provider': 'Service Control Manager',
            'host.name': 'ws7',
            'win.record_id': 12,
            message: 'A service was installed.',
          },
        },
        {
          time: '2026-01-02T03:04:06.000Z',
          type: '1102',
          fields: { 'win.provider': 'Microsoft-Windows-Eventlog', 'win.channel': 'Security', 'user.name': 'kim' },
        },
      ],
    },
    {
      name: 'Winlogbeat',
      input:
        '{"@timestamp":"2026-01-02T03:04:05.678Z","message":"An account failed to log on.","event":{"code":"4625","outcome":"failure","provider":"Microsoft-Windows-Security-Auditing"},"host":{"name":"dc1"},"winlog":{"channel":"Security","computer_name":"dc1","event_id":4625,"provider_name":"Microsoft-Windows-Security-Auditing","record_id":991,"keywords":["Audit Failure"],"event_data":{"TargetUserName":"administrator","IpAddress":"::FFFF:192.0.2.44","IpPort":"-","LogonType":"3","SubjectUserName":"-"}}}',
      expect: [
        {
          time: '2026-01-02T03:04:05.678Z',
          type: '4625',
          fields: {
            'win.event_id': 4625,
            'win.channel': 'Security',
            'win.record_id': 991,
            'host.name': 'dc1',
            'target.user': 'administrator',
            'src.ip': '::ffff:192.0.2.44',
            IpPort: '-',
            LogonType: '3',
            outcome: 'failure',
            message: 'An account failed to log on.',
          },
        },
      ],
    },
    {
      name: "NXLog's flat form, 4688, and 64-bit keywords",
      input: [
        '{"EventTime":"2026-01-02 04:04:05","@timestamp":"2026-01-02T03:04:08.360Z","Hostname":"ws9","Keywords":-9214364837600034816,"EventType":"AUDIT_SUCCESS","EventID":4688,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","RecordNumber":77,"SubjectUserName":"lee","ProcessId":"0x1f4","NewProcessId":"0x2a","NewProcessName":"C:\\\\a\\\\b.exe","CommandLine":"b -x","DestPort":"443"}',
        '{"EventTime":"2026-01-02T04:04:05.123456+01:00","Hostname":"ws9","EventID":"5156","Channel":"Security","SourceAddress":"10.0.0.1","SourcePort":"49952","Protocol":"6"}',
        '{"Hostname":"ws9","Channel":"Security"}',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:08.360Z',
          type: '4688',
          fields: {
            Keywords: '-9214364837600034816',
            outcome: 'success',
            'win.provider': 'Microsoft-Windows-Security-Auditing',
            'win.record_id': 77,
            'user.name': 'lee',
            'process.pid': 42,
            'process.parent.pid': 500,
            'process.path': 'C:\\a\\b.exe',
            'process.name': 'b.exe',
            'dst.port': 443,
          },
        },
        {
          time: '2026-01-02T03:04:05.123456Z',
          type: '5156',
          fields: { 'win.event_id': 5156, 'src.ip': '10.0.0.1', 'src.port': 49952, 'net.transport': '6' },
        },
        { rejected: 'no Windows event id' },
      ],
    },
  ],
})
