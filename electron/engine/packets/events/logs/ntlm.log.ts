import { COMMAND } from '../../decode/smb/smb2-commands.ts'
import { SMB1 } from '../../decode/smb/smb1-commands.ts'
import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment } from '../define.ts'
import { smbUnits } from '../smb-units.ts'

interface Login {
  readonly at: Moment
  readonly flow: FlowName
  user: string
  domain: string
  host: string
  readonly server: readonly [computer: string, dns: string, tree: string]
}
interface NtlmState {
  server: readonly [computer: string, dns: string, tree: string]
  login: Login | null
}

function say(state: NtlmState, success: boolean | undefined, emit: Emit): void {
  const { login } = state
  if (login === null) return
  state.login = null
  const [computer, dns, tree] = login.server
  emit('ntlm', login.at, login.flow, {
    username: login.user,
    hostname: login.host,
    domainname: login.domain,
    server_nb_computer_name: computer,
    server_dns_computer_name: dns,
    server_tree_name: tree,
    success,
  })
}
/** What Wireshark calls NULL is nothing. */
const named = (text: string): string => (text === 'NULL' ? '' : text)

/** Logins by NTLM, with what SMB or HTTP answered. */
export default defineLog<NtlmState>({
  id: 'ntlm',
  protocols: ['ntlmssp', 'smb', 'smb2', 'http'],
  begin: () => ({ server: ['', '', ''], login: null }),
  take(said, state, emit) {
    if (state.login !== null && said.direction === 1) {
      for (const { command, response, status, old } of smbUnits(said)) {
        if (!response || command !== (old ? SMB1.sessionSetup : COMMAND.sessionSetup)) continue
        say(state, status === 0, emit)
      }
      for (const fact of said.facts) if (nameOf(fact) === 'http.response.code') say(state, numberOf(fact) !== 401, emit)
    }
    let [computer, dns, tree] = ['', '', '']
    for (const fact of said.facts) {
      switch (nameOf(fact)) {
        case 'ntlmssp.challenge.target_info.nb_computer_name':
          computer = named(textOf(fact))
          break
        case 'ntlmssp.challenge.target_info.dns_computer_name':
          dns = named(textOf(fact))
          break
        case 'ntlmssp.challenge.target_info.dns_tree_name':
          tree = named(textOf(fact))
          break
        case 'ntlmssp.messagetype':
          if (numberOf(fact) !== 3) break
          say(state, undefined, emit)
          state.login = { at: said.at, flow: said.flow, user: '', domain: '', host: '', server: state.server }
          break
        case 'ntlmssp.auth.username':
          if (state.login !== null) state.login.user = named(textOf(fact))
          break
        case 'ntlmssp.auth.domain':
          if (state.login !== null) state.login.domain = named(textOf(fact))
          break
        case 'ntlmssp.auth.hostname':
          if (state.login !== null) state.login.host = named(textOf(fact))
          break
        default:
      }
    }
    if (computer !== '' || dns !== '' || tree !== '') state.server = [computer, dns, tree]
  },
  end: (state, emit) => say(state, undefined, emit),
})
