/** Syslog lines as a collector stores them: RFC 3164, and RFC 5424 for devices that have structured data. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { SyslogFact } from '../facts.ts'
import type { Piece } from './piece.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function syslogPiece(fact: SyslogFact): Piece {
  const priority = fact.facility * 8 + fact.severity
  const { structured } = fact
  if (structured) {
    const quoted = (value: string): string => value.replace(/["\\\]]/g, '\\$&')
    const data = Object.entries(structured.data).map(([name, value]) => ` ${name}="${quoted(value)}"`).join('') // prettier-ignore
    const head = `<${priority}>1 ${isoFromMicros(fact.at)} ${fact.host} ${fact.program} ${fact.pid ?? '-'} ${structured.messageId}`
    return { at: fact.at, file: 'syslog.log', data: `${head} [${fact.program}@32473${data}] ${fact.message}` }
  }
  const time = new Date(Math.floor(fact.at / 1000))
  const stamp = `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2, ' ')} ${time.toISOString().slice(11, 19)}`
  return {
    at: fact.at,
    file: 'syslog.log',
    data: `<${priority}>${stamp} ${fact.host} ${fact.program}${fact.pid === null ? '' : `[${fact.pid}]`}: ${fact.message}`,
  }
}
