import type { CaseEvent } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { unescaped } from '../reading/forms.ts'
import { citesOf, eventsOf, numberOf, secondsText, textOf } from '../reading/values.ts'

/** Seconds that a request asks the database to wait. */
function askedDelay(url: string): number | null {
  const said = unescaped(url)
  const match =
    /\b(?:pg_)?sleep\s?\(\s?(\d{1,3}(?:\.\d{1,3})?)/i.exec(said) ??
    /dbms_(?:pipe\.receive_message|session\.sleep|lock\.sleep)\s?\([^)]{0,80}?(\d{1,3})\s?\)/i.exec(said)
  if (match !== null) return Number(match[1])
  const wait = /waitfor[\s+]{1,8}(?:delay|time)[\s+]{0,8}'?(\d{1,2}):(\d{1,2}):(\d{1,2})/i.exec(said)
  return wait === null ? null : Number(wait[1]) * 3600 + Number(wait[2]) * 60 + Number(wait[3])
}

interface Timed {
  readonly asked: number
  /** Seconds. */
  readonly took: number
  readonly events: readonly string[]
}

/** An alert stands at its request, Suricata's record of the exchange at the end of its answer. */
function timedByAlerts(events: readonly CaseEvent[]): Timed[] {
  const open = new Map<string, CaseEvent[]>()
  const found: Timed[] = []
  const keyOf = ({ fields }: CaseEvent): string => `${textOf(fields, 'flow.id')} ${textOf(fields, 'http.url')}`
  for (const event of events) {
    const url = textOf(event.fields, 'http.url')
    if (event.format !== 'eve' || url === '' || textOf(event.fields, 'flow.id') === '') continue
    const key = keyOf(event)
    if (event.type === 'alert' && textOf(event.fields, 'net.direction') !== 'to_client')
      open.set(key, [...(open.get(key) ?? []), event])
    if (event.type !== 'http') continue
    const alert = open.get(key)?.shift()
    const asked = askedDelay(url)
    if (alert !== undefined && asked !== null)
      found.push({ asked, took: (event.time - alert.time) / 1e6, events: [alert.id, event.id] })
  }
  return found
}

/** A flow of one request lasted as long as its answer took. */
function timedByFlows(events: readonly CaseEvent[]): Timed[] {
  const urls = new Map<string, string[]>()
  const told = new Map<string, string>()
  for (const { id, type, fields } of events) {
    const flow = textOf(fields, 'flow.id')
    const url = textOf(fields, 'http.url')
    if (type !== 'http' || flow === '' || url === '') continue
    urls.set(flow, [...(urls.get(flow) ?? []), url])
    told.set(flow, id)
  }
  return events.flatMap(({ id, type, fields }) => {
    const flow = textOf(fields, 'flow.id')
    const own = urls.get(flow)
    const took = numberOf(fields, 'flow.duration')
    if (type !== 'conn' || own?.length !== 1 || took === null) return []
    const asked = askedDelay(own[0] ?? '')
    return asked === null ? [] : [{ asked, took, events: [told.get(flow) ?? id, id] }]
  })
}

/** A sensor's and a server's own time, beside what was asked for. */
const SLACK = 2.5

export default defineImpactTest({
  id: 'sql-delay-answered',
  family: 'answer',
  title: { en: 'The answer waited as it was told to', ko: '요청한 시간만큼 응답 지연' },
  reasoning: {
    en: 'Where answers take as many seconds as the injected query says, and others none, the database ran it.',
    ko: '주입한 질의가 지정한 시간만큼 응답이 늦어지고 다른 응답은 그렇지 않으면 질의가 실행된 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/05-Testing_for_SQL_Injection',
  appliesTo: 'Injections of SQL that tell the database to wait, where a sensor tells when the answers came.',
  reads: ['own', 'flow'],
  applies: ({ attackClass }) => attackClass === 'sql_injection',
  test({ own, flow }) {
    const events = eventsOf(own, flow)
    const alerts = timedByAlerts(events)
    const timed = alerts.length > 0 ? alerts : timedByFlows(events)
    const waits = timed.filter(({ asked }) => asked >= 2 && asked <= 120)
    const late = waits.filter(({ asked, took }) => took >= asked * 0.98 && took <= asked * 1.1 + SLACK)
    const quick = timed.filter(({ asked, took }) => asked <= 1 && took < 1 + SLACK / 2)
    const cites = citesOf(timed.flatMap((one) => one.events))
    const example = late[0]
    if (example !== undefined && late.length === waits.length) {
      const different = new Set(late.map(({ asked }) => asked)).size
      const sure = quick.length > 0 || different > 1
      // One late answer may be a busy server.
      if (!sure && late.length < 2) {
        return {
          result: 'attempted',
          confidence: 0.5,
          reason: {
            en: `One answer took ${secondsText(example.took * 1e6)} s where ${example.asked} s were asked for; nothing else was timed.`,
            ko: `응답 하나가 ${secondsText(example.took * 1e6)}초 걸렸습니다. 요청한 지연은 ${example.asked}초이며 비교할 다른 응답이 없습니다.`,
          },
          cites,
        }
      }
      return {
        result: 'likely',
        confidence: sure ? 0.88 : 0.7,
        reason: {
          en: `The answers waited as long as the injected query said: ${late.length} of ${waits.length}, ${secondsText(example.took * 1e6)} s for ${example.asked} s.`,
          ko: `주입한 질의가 지정한 만큼 응답이 늦었습니다: ${waits.length}건 중 ${late.length}건, 지정 ${example.asked}초, 실제 ${secondsText(example.took * 1e6)}초`,
        },
        cites,
      }
    }
    if (waits.length > 0 && waits.every(({ asked, took }) => took < asked * 0.5))
      return {
        // A query that finds no row never waits: that says nothing of the next one.
        result: 'attempted',
        confidence: 0.5,
        reason: {
          en: `No answer waited: the slowest of ${waits.length} took ${secondsText(Math.max(...waits.map(({ took }) => took)) * 1e6)} s.`,
          ko: `지연된 응답이 없습니다. ${waits.length}건 중 가장 느린 응답: ${secondsText(Math.max(...waits.map(({ took }) => took)) * 1e6)}초`,
        },
        cites,
      }
    return null
  },
  examples: [
    {
      name: 'none, five and five seconds, as Suricata saw them',
      of: {
        title: 'SQL injection, time-based (SLEEP)',
        own: [
          { at: 0, type: 'alert', fields: { 'flow.id': 7, 'http.url': '/m?c=x%27%20AND%20SLEEP(0)--' } },
          { at: 1, type: 'alert', fields: { 'flow.id': 7, 'http.url': '/m?c=x%27%20AND%20SLEEP(5)--' } },
          { at: 8, type: 'alert', fields: { 'flow.id': 7, 'http.url': '/m?c=x%27%20AND%20SLEEP(5)--' } },
        ],
        flow: [
          { at: 0.1, type: 'http', fields: { 'flow.id': 7, 'http.url': '/m?c=x%27%20AND%20SLEEP(0)--', 'http.status': 200 } },
          { at: 6.2, type: 'http', fields: { 'flow.id': 7, 'http.url': '/m?c=x%27%20AND%20SLEEP(5)--', 'http.status': 200 } },
          { at: 13.1, type: 'http', fields: { 'flow.id': 7, 'http.url': '/m?c=x%27%20AND%20SLEEP(5)--', 'http.status': 200 } },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'two waits of different length, flow by flow',
      of: {
        title: 'SQL injection, WAITFOR DELAY',
        own: [
          {
            at: 0,
            type: 'http',
            format: 'zeek-json',
            fields: { 'flow.id': 'Ca', 'http.url': "/i?id=1;WAITFOR+DELAY+'0:0:5'--" },
          },
          {
            at: 9,
            type: 'http',
            format: 'zeek-json',
            fields: { 'flow.id': 'Cb', 'http.url': "/i?id=1;WAITFOR+DELAY+'0:0:10'--" },
          },
        ],
        flow: [
          { at: 0, type: 'conn', format: 'zeek-json', fields: { 'flow.id': 'Ca', 'flow.duration': 5.2 } },
          { at: 9, type: 'conn', format: 'zeek-json', fields: { 'flow.id': 'Cb', 'flow.duration': 10.3 } },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'all at once',
      of: {
        title: 'SQL injection (SLEEP)',
        own: [{ at: 0, type: 'alert', fields: { 'flow.id': 7, 'http.url': '/m?c=SLEEP(5)' } }],
        flow: [{ at: 0.05, type: 'http', fields: { 'flow.id': 7, 'http.url': '/m?c=SLEEP(5)', 'http.status': 200 } }],
      },
      expect: 'attempted',
    },
    {
      name: 'a server that is slow anyway',
      of: {
        title: 'SQL injection (SLEEP)',
        own: [
          { at: 0, type: 'alert', fields: { 'flow.id': 7, 'http.url': '/m?c=SLEEP(5)' } },
          { at: 30, type: 'alert', fields: { 'flow.id': 7, 'http.url': '/m?c=SLEEP(10)' } },
        ],
        flow: [
          { at: 22, type: 'http', fields: { 'flow.id': 7, 'http.url': '/m?c=SLEEP(5)', 'http.status': 200 } },
          { at: 53, type: 'http', fields: { 'flow.id': 7, 'http.url': '/m?c=SLEEP(10)', 'http.status': 200 } },
        ],
      },
      expect: null,
    },
    {
      name: 'a flow of several requests tells nothing of one',
      of: {
        title: 'SQL injection (SLEEP)',
        own: [{ at: 0, type: 'http', format: 'zeek-json', fields: { 'flow.id': 'Ca', 'http.url': '/m?c=SLEEP(5)' } }],
        flow: [
          { at: 1, type: 'http', format: 'zeek-json', fields: { 'flow.id': 'Ca', 'http.url': '/m' } },
          { at: 0, type: 'conn', format: 'zeek-json', fields: { 'flow.id': 'Ca', 'flow.duration': 5.4 } },
        ],
      },
      expect: null,
    },
  ],
})
