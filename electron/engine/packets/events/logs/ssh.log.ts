import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment } from '../define.ts'

interface SshState {
  at: Moment | null
  flow: FlowName | null
  readonly banners: [string, string]
  /** What each side proposes: key exchange, host key, and ciphers, codes and compression towards the server. */
  readonly proposed: [readonly string[], readonly string[]]
  hassh: string
  hasshServer: string
  said: boolean
}
const LISTS: Readonly<Record<string, number>> = {
  'ssh.kex_algorithms': 0,
  'ssh.server_host_key_algorithms': 1,
  'ssh.encryption_algorithms_client_to_server': 2,
  'ssh.mac_algorithms_client_to_server': 3,
  'ssh.compression_algorithms_client_to_server': 4,
}

/** RFC 4253, section 7.1: the client's first that the server has. */
function agreed({ proposed: [client, server] }: SshState, list: number): string | undefined {
  const known = (server[list] ?? '').split(',')
  return (client[list] ?? '').split(',').find((one) => one !== '' && known.includes(one))
}

function say(state: SshState, emit: Emit): void {
  if (state.said || state.at === null || state.flow === null) return
  state.said = true
  const [client, server] = state.banners
  emit('ssh', state.at, state.flow, {
    version: (server || client).startsWith('SSH-1.') && !(server || client).startsWith('SSH-1.99') ? 1 : 2,
    client,
    server,
    kex_alg: agreed(state, 0),
    host_key_alg: agreed(state, 1),
    cipher_alg: agreed(state, 2),
    mac_alg: agreed(state, 3),
    compression_alg: agreed(state, 4),
    hassh: state.hassh,
    hasshServer: state.hasshServer,
  })
}

/** Both sides' software, and what they agree on. Whether a login succeeded is encrypted, and is not guessed. */
export default defineLog<SshState>({
  id: 'ssh',
  protocols: ['ssh'],
  begin: () => ({ at: null, flow: null, banners: ['', ''], proposed: [[], []], hassh: '', hasshServer: '', said: false }),
  take({ at, direction, flow, facts }, state, emit) {
    if (state.said) return
    state.at ??= at
    state.flow ??= flow
    const lists: string[] = []
    for (const fact of facts) {
      const name = nameOf(fact)
      const list = LISTS[name]
      if (list !== undefined) lists[list] = textOf(fact)
      else if (name === 'ssh.protocol') state.banners[direction] = textOf(fact)
      else if (name === 'ssh.kex.hassh') state.hassh = textOf(fact)
      else if (name === 'ssh.kex.hasshserver') state.hasshServer = textOf(fact)
      else if (name === 'ssh.message_code' && numberOf(fact) === 21 && state.banners[0] !== '' && state.banners[1] !== '')
        say(state, emit)
    }
    if (lists.length > 0) state.proposed[direction] = lists
  },
  end(state, emit) {
    if (state.banners[0] !== '' || state.banners[1] !== '') say(state, emit)
  },
})
