import { typeName } from '../../decode/dns/numbers.ts'
import {
  defineLog,
  nameOf,
  numberOf,
  secondsBetween,
  textOf,
  type Emit,
  type FlowName,
  type Moment,
  type Said,
} from '../define.ts'
import { Waiting } from '../waiting.ts'

/** Questions of one flow that wait for their answers. */
const MOST_WAITING = 512
const MOST_QUESTIONS = 32

interface Question {
  readonly name: string
  readonly type: number
  readonly class: number
}
interface DnsMessage {
  readonly at: Moment
  readonly flow: FlowName
  id: number
  response: boolean
  result: number
  authoritative: boolean
  truncated: boolean
  recursion: boolean
  available: boolean
  /** Records of the answer section that were stated, and that were met. */
  stated: number
  records: number
  questions: Question[]
  /** Name that the first record is of. */
  owner: string
  answers: string[]
  lives: number[]
}

const RESULTS = [
  'NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE',
] as const // prettier-ignore
const CLASSES: Readonly<Record<number, string>> = { 1: 'C_INTERNET', 3: 'C_CHAOS', 4: 'C_HESIOD', 254: 'C_NONE', 255: 'C_ANY' }
function zeekType(type: number): string {
  if (type === 255) return '*'
  const name = typeName(type)
  return name.startsWith('Unknown') ? `query-${type}` : name
}

/** Fields that are the data of a record, as the answer is written. */
const DATA = new Set([
  'dns.a', 'dns.aaaa', 'dns.cname', 'dns.ns', 'dns.ptr.domain_name', 'dns.dname', 'dns.mx.mail_exchange', 'dns.soa.mname', 'dns.srv.target', 'dns.svcb.targetname',
]) // prettier-ignore

/** Wireshark's name of the root. */
const ROOT = '<Root>'

function messages(said: Said): DnsMessage[] {
  const found: DnsMessage[] = []
  let one: DnsMessage | undefined
  let name = ''
  let type = 0
  for (const fact of said.facts) {
    const field = nameOf(fact)
    if (field === 'dns.id') {
      one = {
        at: said.at, flow: said.flow, id: numberOf(fact), response: false, result: 0, authoritative: false, truncated: false, recursion: false, available: false,
        stated: 0, records: 0, questions: [], owner: '', answers: [], lives: [],
      } // prettier-ignore
      found.push(one)
      continue
    }
    if (one === undefined) continue
    switch (field) {
      case 'dns.flags.response':
        one.response = fact.value === true
        break
      case 'dns.flags.rcode':
        one.result = numberOf(fact)
        break
      case 'dns.flags.authoritative':
        one.authoritative = fact.value === true
        break
      case 'dns.flags.truncated':
        one.truncated = fact.value === true
        break
      case 'dns.flags.recdesired':
        one.recursion = fact.value === true
        break
      case 'dns.flags.recavail':
        one.available = fact.value === true
        break
      case 'dns.count.answers':
        one.stated = numberOf(fact)
        break
      case 'dns.qry.name':
        name = textOf(fact)
        if (name === ROOT) name = '.'
        break
      case 'dns.qry.type':
        type = numberOf(fact)
        break
      case 'dns.qry.class':
        if (one.questions.length < MOST_QUESTIONS) one.questions.push({ name, type, class: numberOf(fact) })
        break
      case 'dns.resp.name':
        one.records++
        if (one.owner === '') one.owner = textOf(fact)
        break
      case 'dns.resp.ttl':
        if (one.records <= one.stated) one.lives.push(numberOf(fact))
        break
      case 'dns.txt':
      case 'dns.spf':
        if (one.records <= one.stated)
          one.answers.push(`${field === 'dns.txt' ? 'TXT' : 'SPF'} ${textOf(fact).length} ${textOf(fact)}`)
        break
      default:
        if (DATA.has(field) && one.records <= one.stated) one.answers.push(textOf(fact))
    }
  }
  return found
}

function say(asked: DnsMessage | undefined, answer: DnsMessage | undefined, emit: Emit): void {
  const first = asked ?? answer
  if (first === undefined) return
  const own = asked !== undefined && asked.questions.length > 0 ? asked.questions : (answer?.questions ?? [])
  const questions: (Question | undefined)[] = own.length > 0 ? own : [undefined]
  for (const question of questions) {
    emit('dns', first.at, first.flow, {
      trans_id: first.id,
      rtt: asked && answer && secondsBetween(asked.at, answer.at),
      query: question?.name ?? answer?.owner,
      qclass: question?.class,
      qclass_name: question && (CLASSES[question.class] ?? `qclass-${question.class}`),
      qtype: question?.type,
      qtype_name: question && zeekType(question.type),
      rcode: answer?.result,
      rcode_name: answer && (RESULTS[answer.result] ?? `rcode-${answer.result}`),
      AA: answer?.authoritative ?? false,
      TC: (answer ?? first).truncated,
      RD: first.recursion,
      RA: answer?.available ?? false,
      answers: answer?.answers,
      TTLs: answer?.lives,
      rejected: answer !== undefined && answer.result !== 0 && answer.questions.length === 0,
      answer_packet: asked && answer && answer.at.packet + 1,
    })
  }
}

/** A question and its answer are one event; so is either of them alone. */
export default defineLog<Waiting<number, DnsMessage>>({
  id: 'dns',
  protocols: ['dns', 'mdns', 'llmnr'],
  begin: () => new Waiting(MOST_WAITING),
  take(said, waiting, emit) {
    for (const one of messages(said)) {
      const asked = waiting.take(one.id)
      if (one.response) {
        say(asked, one, emit)
        continue
      }
      // Asked again: the first is without an answer.
      if (asked !== undefined) say(asked, undefined, emit)
      const oldest = waiting.add(one.id, one)
      if (oldest !== undefined) say(oldest, undefined, emit)
    }
  },
  end(waiting, emit) {
    for (const one of waiting.takeAll()) say(one, undefined, emit)
  },
})
