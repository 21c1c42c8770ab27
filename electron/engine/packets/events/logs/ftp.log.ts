import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment } from '../define.ts'

const MOST_WAITING = 64

interface Command {
  readonly at: Moment
  readonly flow: FlowName
  readonly word: string
  argument: string
}
interface FtpState {
  user: string
  readonly waiting: Command[]
}
/** What Zeek writes of the commands, and deletion, renaming and folders beside it. */
const SAID = new Set([
  'APPE',
  'DELE',
  'RETR',
  'STOR',
  'STOU',
  'PORT',
  'PASV',
  'EPSV',
  'EPRT',
  'ACCT',
  'RNFR',
  'RNTO',
  'MKD',
  'RMD',
  'SITE',
])

function say(state: FtpState, command: Command, code: number, text: string, emit: Emit): void {
  // How a login ends is of interest, whichever way: who sees refusals only takes a guess that worked for one more. Passwords are not in the facts.
  const login = command.word === 'PASS' && (code === 230 || code >= 400)
  if (!SAID.has(command.word) && !login) return
  emit('ftp', command.at, command.flow, {
    user: state.user,
    command: command.word,
    arg: command.argument,
    reply_code: code > 0 ? code : undefined,
    reply_msg: text,
  })
}

/** Commands that move files, with their replies. */
export default defineLog<FtpState>({
  id: 'ftp',
  protocols: ['ftp'],
  begin: () => ({ user: '', waiting: [] }),
  take({ at, flow, facts }, state, emit) {
    let code = 0
    let text = ''
    const { waiting } = state
    for (const fact of facts) {
      switch (nameOf(fact)) {
        case 'ftp.request.command':
          waiting.push({ at, flow, word: textOf(fact).toUpperCase(), argument: '' })
          if (waiting.length > MOST_WAITING) waiting.shift()
          break
        case 'ftp.request.arg': {
          const last = waiting.at(-1)
          if (last === undefined) break
          last.argument = textOf(fact)
          if (last.word === 'USER') state.user = last.argument
          break
        }
        case 'ftp.response.code':
          code = numberOf(fact)
          break
        case 'ftp.response.arg':
          text = textOf(fact)
          break
        default:
      }
    }
    // 1xx is followed by another reply to the same command.
    if (code < 200) return
    const answered = waiting.shift()
    if (answered !== undefined) say(state, answered, code, text, emit)
  },
  end(state, emit) {
    for (const one of state.waiting) say(state, one, 0, '', emit)
    state.waiting.length = 0
  },
})
