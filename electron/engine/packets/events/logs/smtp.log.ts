import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment, type Said } from '../define.ts'

const MOST_RECIPIENTS = 256

interface Mail {
  readonly at: Moment
  readonly flow: FlowName
  from: string
  readonly to: string[]
  readonly head: Map<string, string>
  files: string[]
  reply: string
  sent: boolean
}
interface SmtpState {
  depth: number
  helo: string
  mail: Mail | null
  command: string
}

const HEAD: Readonly<Record<string, string>> = {
  'imf.date': 'date', 'imf.from': 'from', 'imf.to': 'to', 'imf.cc': 'cc', 'imf.reply_to': 'reply_to', 'imf.message_id': 'msg_id', 'imf.in_reply_to': 'in_reply_to',
  'imf.subject': 'subject', 'imf.user_agent': 'user_agent', 'imf.ext.mailer': 'user_agent', 'imf.received': 'first_received',
} // prettier-ignore
/** A header's line goes on behind it. */
const FOLD = /(?:\\r)?\\n(?:\\t|\s)*/g
const bare = (address: string): string => /<([^>]*)>/.exec(address)?.[1] ?? address.split(' ', 1)[0] ?? ''
const split = (text: string | undefined): string[] | undefined =>
  text
    ?.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .slice(0, MOST_RECIPIENTS)

function say(state: SmtpState, tls: boolean, emit: Emit): void {
  const { mail } = state
  state.mail = null
  if (mail === null) return
  const { head } = mail
  emit('smtp', mail.at, mail.flow, {
    trans_depth: ++state.depth,
    helo: state.helo,
    mailfrom: mail.from,
    rcptto: mail.to,
    ...Object.fromEntries(head),
    to: split(head.get('to')),
    cc: split(head.get('cc')),
    last_reply: mail.reply,
    tls,
    fuids: mail.files,
  })
}

function commanded(state: SmtpState, said: Said, word: string, rest: string, emit: Emit): void {
  state.command = word
  if (word === 'EHLO' || word === 'HELO') state.helo = rest
  else if (word === 'MAIL') {
    if (state.mail !== null && state.mail.from !== '') say(state, false, emit)
    state.mail ??= { at: said.at, flow: said.flow, from: '', to: [], head: new Map(), files: [], reply: '', sent: false }
    state.mail.from = bare(rest.replace(/^FROM:\s*/i, ''))
  } else if (word === 'RCPT') {
    if (state.mail !== null && state.mail.to.length < MOST_RECIPIENTS) state.mail.to.push(bare(rest.replace(/^TO:\s*/i, '')))
  } else if (word === 'RSET') say(state, false, emit)
}

/** A mail is one event, said with the reply to it; so is the change to TLS. */
export default defineLog<SmtpState>({
  id: 'smtp',
  protocols: ['smtp', 'imf'],
  begin: () => ({ depth: 0, helo: '', mail: null, command: '' }),
  take(said, state, emit) {
    let word = ''
    let code = 0
    let mailed = false
    for (const fact of said.facts) {
      const name = nameOf(fact)
      const header = HEAD[name]
      if (header !== undefined) {
        mailed = true
        // The first of a header counts, and inside mails there may be others.
        if (state.mail !== null && !state.mail.head.has(header)) state.mail.head.set(header, textOf(fact).replace(FOLD, ' '))
        continue
      }
      switch (name) {
        case 'smtp.req':
          if (word !== '') commanded(state, said, word, '', emit)
          word = ''
          break
        case 'smtp.req.command':
          word = textOf(fact).toUpperCase()
          break
        case 'smtp.req.parameter':
          commanded(state, said, word, textOf(fact), emit)
          word = ''
          break
        case 'smtp.response.code':
          code = numberOf(fact)
          if (state.command === 'STARTTLS' && code === 220) {
            state.mail ??= { at: said.at, flow: said.flow, from: '', to: [], head: new Map(), files: [], reply: '', sent: false }
            say(state, true, emit)
          }
          break
        case 'smtp.rsp.parameter':
          if (state.mail === null) break
          state.mail.reply = `${code} ${textOf(fact)}`
          if (state.mail.sent) say(state, false, emit)
          break
        default:
      }
    }
    if (word !== '') commanded(state, said, word, '', emit)
    const files = said.files.filter(({ kind }) => kind === 'mail part').map(({ id }) => id)
    if (state.mail !== null && said.direction === 0 && mailed) {
      state.mail.files = files
      state.mail.sent = true
    } else if (state.mail?.sent === true && said.direction === 1 && code > 0) say(state, false, emit)
  },
  end: (state, emit) => say(state, false, emit),
})
