import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { commonAliases, timeRank, TYPE_NAMES } from '../normalise/common-names.ts'
import { JsonFields } from '../normalise/json-fields.ts'
import { firstObjects, jsonObject, share } from '../normalise/json-record.ts'
import { Clock } from '../normalise/time.ts'
import { isTypeName, TypeNames } from '../normalise/type-names.ts'
import { defineParser } from './define.ts'

export default defineParser({
  id: 'jsonl',
  title: 'JSON lines',
  spec: 'https://jsonlines.org/',
  doc: 'Any JSON object per line that no other format claims. The time is found under the usual names (`@timestamp`, `timestamp`, `time`, `ts` …) on the top level, or in `event.created`; the type under `event_type`, `eventName`, `type`, `logger` and the like, else it is `json`. ECS names and common ones (`src_ip`, `user`, `hostname`) get their canonical names; everything else keeps its path.',
  priority: 100,
  framing: 'line',
  stateless: true,
  sniff: (records) => {
    const objects = firstObjects(records)
    if (objects.length === 0) return 0
    const timed = share(objects, (object) => Object.keys(object).some((name) => timeRank(name) < 64) || 'event' in object)
    // One small object in a file is a setting more often than a log.
    return timed > 0.5 ? 0.7 : objects.length > 1 && share(objects, (object) => Object.keys(object).length > 1) > 0.5 ? 0.55 : 0.3
  },
  aliases: commonAliases,
  create({ fields, zone, received }) {
    const clock = new Clock(zone, received)
    const names = new JsonFields(fields, { aliases: commonAliases })
    const types = new TypeNames()
    let lastTime = ''

    /** The time under the best name that has one. */
    const time = (object: Readonly<Record<string, unknown>>, row: EventRow): boolean => {
      // Records of one source are alike: the name that had it last is tried first.
      if (lastTime !== '' && Object.hasOwn(object, lastTime) && clock.value(object[lastTime], row)) return true
      const candidates = Object.keys(object).filter((name) => timeRank(name) < 64)
      candidates.sort((a, b) => timeRank(a) - timeRank(b))
      for (const name of candidates.slice(0, 8)) {
        const value = object[name]
        if (clock.value(value, row)) {
          lastTime = name
          return true
        }
      }
      const event = object['event']
      if (typeof event === 'object' && event !== null) {
        for (const name of ['created', 'start', 'ingested']) {
          if (Object.hasOwn(event, name) && clock.value((event as Record<string, unknown>)[name], row)) return true
        }
      }
      return false
    }
    const typeOf = (object: Readonly<Record<string, unknown>>): string => {
      for (const name of TYPE_NAMES)
        if (Object.hasOwn(object, name) && isTypeName(object[name])) return types.of(object[name], 'json')
      return 'json'
    }

    return {
      parse(text: string, row: EventRow) {
        const object = jsonObject(text)
        if (typeof object === 'string') return text.trim() === '' ? 'header' : { rejected: say(object) }
        names.object(object, text, row)
        clock.begin(row)
        if (!time(object, row)) clock.giveReceived(row)
        row.type = typeOf(object)
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'several shapes',
      input: [
        '{"time":"2026-01-02T03:04:05.123456789Z","level":"warn","msg":"login failed","type":"auth","user":{"name":"kim"},"client_ip":"192.0.2.9","tags":["a","b"],"tries":[{"n":1},{"n":2}]}',
        '{"@timestamp":1767323045123,"message":"m","source.ip":"2001:DB8::1","http":{"request":{"method":"GET"}},"deep":{"er":{"est":true}}}',
        '{"ts":"1767323045.419939","eventName":"ConsoleLogin","sourceIPAddress":"signin.example","big":12345678901234567890}',
        '{"nothing":"here"}',
        'not json',
        '',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.123456789Z',
          type: 'auth',
          fields: {
            'log.level': 'warn',
            message: 'login failed',
            'user.name': 'kim',
            'src.ip': '192.0.2.9',
            tags: ['a', 'b'],
            'tries.n': ['1', '2'],
            'x.type': 'auth',
          },
        },
        {
          time: '2026-01-02T03:04:05.123Z',
          type: 'json',
          fields: { message: 'm', 'src.ip': '2001:db8::1', 'http.method': 'GET', 'deep.er.est': true },
        },
        {
          time: '2026-01-02T03:04:05.419939Z',
          type: 'ConsoleLogin',
          fields: { 'src.ip': 'signin.example', big: '12345678901234567890' },
        },
        { time: '2026-01-02T03:04:05.000Z', timeNote: 'received', type: 'json', fields: { nothing: 'here' } },
        { rejected: 'not valid JSON' },
        'header',
      ],
    },
  ],
})
