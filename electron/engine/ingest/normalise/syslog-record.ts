/** A syslog record → row: what both syslog formats do once it is known that a record is theirs. */
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow } from '../../event/row.ts'
import { JsonFields, numeric } from './json-fields.ts'
import { FACILITIES, LEVELS, SyslogHead } from './syslog.ts'
import { SyslogMessages } from './syslog-messages.ts'
import { Clock } from './time.ts'
import { TypeNames } from './type-names.ts'

/** Native names of RFC 5424 and RFC 3164, and of the parameters that RFC 5424 section 7 defines. */
export const syslogAliases: Readonly<Record<string, string>> = {
  hostname: 'host.name',
  'app-name': 'log.program',
  appname: 'log.program',
  program: 'log.program',
  procid: 'process.pid',
  pid: 'process.pid',
  msg: 'message',
  facility: 'log.facility',
  pri: 'log.priority',
  'sd.origin.ip': 'host.ip',
}

export class SyslogRecords {
  readonly head = new SyslogHead()
  readonly clock: Clock
  readonly #fields: FieldRegistry
  readonly #names: JsonFields
  readonly #messages: SyslogMessages
  readonly #ids: Readonly<Record<'message' | 'host' | 'program' | 'pid' | 'facility' | 'level' | 'priority', number>>
  readonly #types = new TypeNames()

  constructor(fields: FieldRegistry, zone: string, received: number) {
    this.clock = new Clock(zone, received)
    this.#fields = fields
    this.#names = new JsonFields(fields, { aliases: syslogAliases })
    this.#messages = new SyslogMessages(fields)
    this.#ids = {
      message: fields.id('message'),
      host: fields.id('host.name'),
      program: fields.id('log.program'),
      pid: fields.id('process.pid'),
      facility: fields.id('log.facility'),
      level: fields.id('log.level'),
      priority: fields.id('log.priority'),
    }
  }

  /** Reads the head of a record and fills what it says; false where there is neither a PRI nor a time. */
  begin(text: string, row: EventRow): boolean {
    const { head, clock } = this
    clock.begin(row)
    if (!head.read(text, clock)) return false
    const ids = this.#ids
    if (head.timed) clock.give(row)
    else clock.giveReceived(row)
    if (head.priority >= 0) {
      row.set(ids.priority, head.priority)
      row.set(ids.facility, FACILITIES[head.priority >> 3] ?? String(head.priority >> 3))
      row.set(ids.level, LEVELS[head.priority & 7]!)
    }
    if (head.host !== '') row.set(ids.host, head.host)
    if (head.program !== '') row.set(ids.program, head.program)
    if (head.process !== '') {
      const pid = numeric(head.process)
      row.set(typeof pid === 'number' ? ids.pid : this.#fields.id('procid'), pid)
    }
    if (head.messageId !== '') row.set(this.#fields.id('msgid'), head.messageId)
    for (const { element, name, value } of head.parameters) {
      const sd = this.#names.child(this.#names.root, 'sd')
      const of = sd && this.#names.child(sd, element)
      const node = of && this.#names.child(of, name)
      // A parameter may be repeated: `ip="1.1.1.1" ip="2.2.2.2"`.
      if (node !== undefined) {
        if (row.get(this.#fields.find(node.target)) === undefined) this.#names.put(node, value, row)
        else this.#names.add(node, value, row)
      }
    }
    return true
  }

  /** The whole of a record whose message is plain text. */
  whole(text: string, row: EventRow): boolean {
    if (!this.begin(text, row)) return false
    const { program, body } = this.head
    const message = text.slice(body).trim()
    row.set(this.#ids.message, message)
    row.type = this.#types.of(program, 'syslog')
    if (program !== '') this.#messages.read(program, message, row)
    return true
  }
}

/** Share (0–1) of the first records that have a syslog head of this form with a time. */
export function syslogShare(records: readonly string[], form: '3164' | '5424', iso: boolean): number {
  const head = new SyslogHead()
  const clock = new Clock('UTC', Date.now() * 1000)
  let seen = 0
  let fit = 0
  for (const record of records) {
    if (record === '' || seen >= 32) continue
    seen++
    if (!head.read(record, clock) || head.form !== form) continue
    if (form === '5424') fit++
    else {
      const isIso = head.timed && /^(?:<\d{1,3}>)?\d/.test(record)
      const named = head.host !== '' && head.program !== ''
      if (isIso === iso && (head.priority >= 0 || (head.timed && (isIso ? named : head.host !== '' || head.program !== ''))))
        fit++
    }
  }
  return seen === 0 ? 0 : fit / seen
}
