import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment } from '../define.ts'
import { Waiting } from '../waiting.ts'

interface Exchange {
  readonly at: Moment
  readonly flow: FlowName
  readonly values: Map<string, string>
  status: number
}
const FIELDS: Readonly<Record<string, string>> = {
  'sip.Method': 'method', 'sip.r-uri': 'uri', 'sip.From': 'request_from', 'sip.To': 'request_to', 'sip.Call-ID': 'call_id', 'sip.CSeq': 'seq', 'sip.User-Agent': 'user_agent',
} // prettier-ignore

function say({ at, flow, values, status }: Exchange, emit: Emit): void {
  emit('sip', at, flow, { ...Object.fromEntries(values), status_code: status > 0 ? status : undefined })
}

/** A request and what finally came of it. */
export default defineLog<Waiting<string, Exchange>>({
  id: 'sip',
  protocols: ['sip'],
  begin: () => new Waiting(256),
  take({ at, flow, facts }, waiting, emit) {
    const values = new Map<string, string>()
    let status = 0
    for (const fact of facts) {
      const name = nameOf(fact)
      const field = FIELDS[name]
      if (field !== undefined && !values.has(field)) values.set(field, textOf(fact))
      else if (name === 'sip.Status-Code') status = numberOf(fact)
    }
    if (values.size === 0) return
    const key = `${values.get('call_id') ?? ''} ${values.get('seq') ?? ''}`
    if (status === 0) {
      const oldest = waiting.has(key) ? undefined : waiting.add(key, { at, flow, values, status })
      if (oldest !== undefined) say(oldest, emit)
      return
    }
    if (status < 200) return
    const asked = waiting.take(key)
    if (asked === undefined) say({ at, flow, values, status }, emit)
    else {
      asked.status = status
      say(asked, emit)
    }
  },
  end(waiting, emit) {
    for (const one of waiting.takeAll()) say(one, emit)
  },
})
