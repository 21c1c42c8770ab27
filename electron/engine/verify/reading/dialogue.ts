/** Commands and replies of line protocols: SMTP (RFC 5321), FTP (RFC 959). In order, bounded, never throws. */
import type { Conversation } from '../case.ts'
import { slice, type Octets } from '../octets.ts'

export interface Turn {
  /** Upper case. */
  readonly command: string
  readonly argument: string
  /** The reply that ended it; null where none was seen. */
  readonly code: number | null
  readonly text: string
  /** The reply's first line. */
  readonly reply: Octets | null
}

const MOST_TURNS = 400
const MOST_LINE = 2048

interface Reply {
  readonly code: number
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Of several lines (`250-` … `250 `) the last. */
function repliesIn(text: string): Reply[] {
  const found: Reply[] = []
  let at = 0
  while (at < text.length && found.length < MOST_TURNS * 2) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end
    const match = /^(\d{3})(?: |\r?$)/.exec(text.slice(at, Math.min(stop, at + 8)))
    if (match !== null) {
      const to = text[stop - 1] === '\r' ? stop - 1 : stop
      found.push({ code: Number(match[1]), text: text.slice(at + 4, Math.min(to, at + MOST_LINE)), from: at, to })
    }
    at = stop + 1
  }
  return found
}

interface Command {
  readonly command: string
  readonly argument: string
}
function commandsIn(text: string): Command[] {
  const found: Command[] = []
  let at = 0
  while (at < text.length && found.length < MOST_TURNS) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end
    const line = text.slice(at, Math.min(stop, at + MOST_LINE)).trim()
    at = stop + 1
    const match = /^([A-Za-z]{3,10})(?:[ ]{1,4}(.{0,2000}))?$/.exec(line)
    if (match === null) continue
    const command = (match[1] ?? '').toUpperCase()
    found.push({ command, argument: match[2] ?? '' })
    if (command !== 'DATA') continue
    // The mail itself, up to its lone dot.
    const dot = text.indexOf('\r\n.\r\n', Math.max(0, at - 2))
    found.push({ command: '.', argument: '' })
    at = dot < 0 ? text.length : dot + 5
  }
  return found
}

/** `greeted`: the server speaks first. Replies of 1xx are followed by another; 354 is that to DATA. */
export function turnsOf({ sent, answered }: Conversation): Turn[] {
  const replies = repliesIn(answered.text)
  let next = replies[0]?.code === 220 || replies[0]?.code === 421 || replies[0]?.code === 554 ? 1 : 0
  const turns: Turn[] = []
  for (const { command, argument } of commandsIn(sent.text)) {
    // Where DATA was refused, no mail was sent.
    if (command === '.' && turns.at(-1)?.code !== 354) continue
    while ((replies[next]?.code ?? 999) < 200) next++
    const reply = replies[next]
    if (reply !== undefined) next++
    turns.push({
      command,
      argument,
      code: reply?.code ?? null,
      text: reply?.text ?? '',
      reply: reply === undefined ? null : slice(answered, reply.from, reply.to),
    })
  }
  return turns
}
