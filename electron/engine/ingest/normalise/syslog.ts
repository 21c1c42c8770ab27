/**
 * The beginnings of syslog records: RFC 5424, RFC 3164, and RFC 3164 with an ISO time as rsyslog writes it to files. Used
 * by the syslog formats and by those that travel behind a syslog header (CEF, LEEF).
 */
import type { Clock } from './time.ts'

export const FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const
/** RFC 5424 section 6.2.1, as keywords. */
export const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const

/** One structured-data element's parameter. */
export interface SyslogParameter {
  readonly element: string
  readonly name: string
  readonly value: string
}

export class SyslogHead {
  form: '3164' | '5424' | 'none' = 'none'
  /** -1 where there is none. */
  priority = -1
  /** Whether `clock` holds the record's time. */
  timed = false
  host = ''
  program = ''
  /** Process id as it stands. */
  process = ''
  messageId = ''
  parameters: SyslogParameter[] = []
  /** Where the message begins. */
  body = 0

  /** Reads the beginning of `text`; false where there is neither a PRI nor a time. */
  read(text: string, clock: Clock): boolean {
    this.form = 'none'
    this.priority = -1
    this.timed = false
    this.host = ''
    this.program = ''
    this.process = ''
    this.messageId = ''
    this.parameters = []
    let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
    const pri = /^<(\d{1,3})>/.exec(text.slice(at, at + 5))
    if (pri !== null && Number(pri[1]) < 192) {
      this.priority = Number(pri[1])
      at += pri[0].length
      if (text.charCodeAt(at) === 49 && text.charCodeAt(at + 1) === 32 && this.#modern(text, at + 2, clock)) return true
    }
    this.body = at
    const start = skipSpaces(text, at)
    let end = this.#time(text, start, clock)
    if (end < 0) {
      // Cisco: a sequence number before, a mark for an unset clock.
      const number = /^(?:\d{1,10}: )?[*.]?/.exec(text.slice(start, start + 13))![0].length
      if (number > 0) end = this.#time(text, start + number, clock)
    }
    if (end < 0) {
      if (this.priority < 0) return false
      this.form = '3164'
      // RFC 3164 section 4.3.3: what has no time is all message; a tag is still recognised.
      this.#tag(text, start)
      return true
    }
    this.form = '3164'
    this.timed = true
    this.#origin(text, end)
    return true
  }

  #time(text: string, at: number, clock: Clock): number {
    const code = text.charCodeAt(at)
    const end = code >= 48 && code <= 57 ? clock.date(text, at) : clock.syslog(text, at)
    if (end < 0) return -1
    const after = text.charCodeAt(end)
    return Number.isNaN(after) || after === 32 || after === 58 || after === 9 ? end : -1
  }

  /** Host and tag after the time. */
  #origin(text: string, at: number): void {
    let next = at
    if (text.charCodeAt(next) === 58) next++
    next = skipSpaces(text, next)
    const end = wordEnd(text, next)
    const word = text.slice(next, end)
    if (word !== '' && !word.endsWith(':') && !word.includes('[') && !word.startsWith('%') && word.length <= 255) {
      this.host = word
      next = skipSpaces(text, end)
    }
    this.#tag(text, next)
  }

  /** `program[123]:`, `program:`, `%FAC-5-NAME:`; the message after it. */
  #tag(text: string, at: number): void {
    this.body = at
    // The first ": " ends a tag. Tags are short words; Mac programs have blanks and brackets in theirs.
    const limit = Math.min(text.length, at + 256)
    let colon = text.indexOf(':', at)
    while (colon >= 0 && colon < limit && colon + 1 < text.length && text.charCodeAt(colon + 1) !== 32)
      colon = text.indexOf(':', colon + 1)
    if (colon < 0 || colon >= limit) return
    const tag = /^(%?[^\s[\]:(){}"'=,;<>][^[\]:"'=;<>]{0,100}?)(?:\[([^\]]{1,32})\])?(?: \([^()]{1,120}\))?$/.exec(
      text.slice(at, colon),
    )
    if (tag === null) return
    const program = tag[1]!
    // Several words before a colon are a sentence, unless a process id stands behind them.
    if (tag[2] === undefined && (/ .* /.test(program) || (program.includes(' ') && !/ [\d.]+$/.test(program)))) return
    this.program = program
    this.process = tag[2] ?? ''
    this.body = skipOne(text, colon + 1)
  }

  /** RFC 5424 section 6 after the version; false where it does not hold. */
  #modern(text: string, at: number, clock: Clock): boolean {
    let next = at
    let end = wordEnd(text, next)
    if (!(end - next === 1 && text.charCodeAt(next) === 45)) {
      if (clock.date(text, next) !== end) return false
      this.timed = true
    }
    const words: string[] = []
    for (let i = 0; i < 4; i++) {
      if (text.charCodeAt(end) !== 32) {
        this.timed = false
        return false
      }
      next = end + 1
      end = wordEnd(text, next)
      const word = text.slice(next, end)
      words.push(word === '-' ? '' : word)
    }
    this.form = '5424'
    ;[this.host, this.program, this.process, this.messageId] = words as [string, string, string, string]
    next = skipOne(text, end)
    if (text.charCodeAt(next) === 45) next++
    else {
      const after = this.#structured(text, next)
      // Broken structured data is message.
      if (after < 0) this.parameters = []
      else next = after
    }
    next = skipOne(text, next)
    this.body = text.charCodeAt(next) === 0xfeff ? next + 1 : next
    return true
  }

  /** `[id name="value" ...]...`; the offset after it, or -1. */
  #structured(text: string, at: number): number {
    let next = at
    if (text.charCodeAt(next) !== 91) return -1
    while (text.charCodeAt(next) === 91) {
      const id = /^[^\s="\]]{1,255}/.exec(text.slice(next + 1, next + 257))
      if (id === null) return -1
      next += 1 + id[0].length
      for (;;) {
        while (text.charCodeAt(next) === 32) next++
        if (text.charCodeAt(next) === 93) break
        const name = /^([^\s="\]]{1,255})="/.exec(text.slice(next, next + 258))
        if (name === null) return -1
        next += name[0].length
        const start = next
        let escaped = false
        for (;;) {
          const code = text.charCodeAt(next)
          if (Number.isNaN(code)) return -1
          if (code === 34) break
          if (code === 92) {
            escaped = true
            next++
          }
          next++
        }
        const raw = text.slice(start, next)
        if (this.parameters.length < 256)
          this.parameters.push({ element: id[0], name: name[1]!, value: escaped ? raw.replace(/\\(["\\\]])/g, '$1') : raw })
        next++
      }
      next++
    }
    const after = text.charCodeAt(next)
    return Number.isNaN(after) || after === 32 ? next : -1
  }
}

function skipSpaces(text: string, at: number): number {
  while (text.charCodeAt(at) === 32) at++
  return at
}
const skipOne = (text: string, at: number): number => (text.charCodeAt(at) === 32 ? at + 1 : at)
function wordEnd(text: string, at: number): number {
  const end = text.indexOf(' ', at)
  return end < 0 ? text.length : end
}
