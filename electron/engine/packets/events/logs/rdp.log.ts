import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment } from '../define.ts'

interface RdpState {
  at: Moment | null
  flow: FlowName | null
  cookie: string
  said: boolean
}
const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'RDP', 1: 'SSL', 2: 'HYBRID', 4: 'RDSTLS', 8: 'HYBRID_EX' }

function say(state: RdpState, result: string, security: string, emit: Emit): void {
  if (state.said || state.at === null || state.flow === null) return
  state.said = true
  emit('rdp', state.at, state.flow, { cookie: state.cookie, result, security_protocol: security })
}

/** The first exchange of remote desktop: whose, and with which security. */
export default defineLog<RdpState>({
  id: 'rdp',
  protocols: ['rdp'],
  begin: () => ({ at: null, flow: null, cookie: '', said: false }),
  take({ at, direction, flow, facts }, state, emit) {
    state.at ??= at
    state.flow ??= flow
    for (const fact of facts) {
      switch (nameOf(fact)) {
        case 'rdp.user':
          state.cookie = textOf(fact)
          break
        case 'rdp.negReq.selectedProtocol':
          say(state, 'encrypted', PROTOCOLS[numberOf(fact)] ?? String(numberOf(fact)), emit)
          break
        case 'rdp.negFailure.failureCode':
          say(state, `failure-${numberOf(fact)}`, '', emit)
          break
        default:
      }
    }
    if (direction === 1) say(state, '', '', emit)
  },
  end: (state, emit) => say(state, '', '', emit),
})
