import { defineLog, nameOf, numberOf, textOf } from '../define.ts'

interface QuicState {
  said: boolean
  version: number
}
const VERSIONS: Readonly<Record<number, string>> = { 1: '1', 0x6b3343cf: '2' }

/** The first packets of a QUIC connection, as far as they can be read: the client's hello. */
export default defineLog<QuicState>({
  id: 'quic',
  protocols: ['quic'],
  begin: () => ({ said: false, version: 0 }),
  take({ at, flow, facts }, state, emit) {
    if (state.said) return
    let type = 0
    let [serverName, protocol, ja3, ja4] = ['', '', '', '']
    for (const fact of facts) {
      switch (nameOf(fact)) {
        case 'quic.version':
          state.version = numberOf(fact)
          break
        case 'tls.handshake.type':
          type = numberOf(fact)
          break
        case 'tls.handshake.extensions_server_name':
          serverName = textOf(fact)
          break
        case 'tls.handshake.extensions_alpn_str':
          if (protocol === '') protocol = textOf(fact)
          break
        case 'tls.handshake.ja3':
          ja3 = textOf(fact)
          break
        case 'tls.handshake.ja4':
          ja4 = textOf(fact)
          break
        default:
      }
    }
    if (type !== 1 && serverName === '') return
    state.said = true
    emit('quic', at, flow, {
      version: VERSIONS[state.version] ?? (state.version === 0 ? undefined : `0x${state.version.toString(16).padStart(8, '0')}`),
      server_name: serverName,
      client_protocol: protocol,
      ja3,
      ja4,
    })
  },
})
