import { curveName, suiteName, versionName } from '../tls-names.ts'
import { defineLog, nameOf, numberOf, textOf, type Emit, type FlowName, type Moment } from '../define.ts'

const MOST_CERTIFICATES = 16

interface TlsState {
  at: Moment | null
  flow: FlowName | null
  serverName: string
  /** What the server chose. */
  version: number
  cipher: number
  protocol: string
  curve: number
  ja3: string
  ja3s: string
  ja4: string
  fingerprints: string[]
  subject: string
  issuer: string
  names: string[]
  lastAlert: string
  /** The server answered; its handshake went on behind the hello; each side changed to encryption. */
  answered: boolean
  whole: boolean
  changed: [boolean, boolean]
  established: boolean
  said: boolean
}

function fresh(): TlsState {
  return {
    at: null, flow: null, serverName: '', version: 0, cipher: -1, protocol: '', curve: -1, ja3: '', ja3s: '', ja4: '', fingerprints: [], subject: '', issuer: '', names: [], lastAlert: '',
    answered: false, whole: false, changed: [false, false], established: false, said: false,
  } // prettier-ignore
}

const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify', 10: 'unexpected_message', 20: 'bad_record_mac', 40: 'handshake_failure', 42: 'bad_certificate', 43: 'unsupported_certificate', 44: 'certificate_revoked',
  45: 'certificate_expired', 46: 'certificate_unknown', 47: 'illegal_parameter', 48: 'unknown_ca', 49: 'access_denied', 50: 'decode_error', 51: 'decrypt_error', 70: 'protocol_version',
  71: 'insufficient_security', 80: 'internal_error', 86: 'inappropriate_fallback', 90: 'user_canceled', 112: 'unrecognized_name', 116: 'certificate_required', 120: 'no_application_protocol',
} // prettier-ignore

const matches = (host: string, name: string): boolean => {
  const [a, b] = [host.toLowerCase(), name.toLowerCase()]
  return a === b || (b.startsWith('*.') && a.slice(a.indexOf('.') + 1) === b.slice(2) && a.includes('.'))
}

function say(state: TlsState, emit: Emit): void {
  const { at, flow, version, serverName, names } = state
  if (at === null || flow === null || state.said) return
  state.said = true
  emit('ssl', at, flow, {
    version: version === 0 ? undefined : versionName(version),
    cipher: state.cipher < 0 ? undefined : suiteName(state.cipher),
    curve: state.curve < 0 ? undefined : curveName(state.curve),
    server_name: serverName,
    resumed: version !== 0 && version !== 0x0304 && state.established && !state.whole && state.fingerprints.length === 0,
    last_alert: state.lastAlert,
    next_protocol: state.protocol,
    established: state.established,
    cert_chain_fps: state.fingerprints,
    subject: state.subject,
    issuer: state.issuer,
    sni_matches_cert: serverName === '' || names.length === 0 ? undefined : names.some((name) => matches(serverName, name)),
    ja3: state.ja3,
    ja3s: state.ja3s,
    ja4: state.ja4,
  })
}

/** A handshake is one event, said when the client sends data behind it; what ends before is said as it is. */
export default defineLog<TlsState>({
  id: 'ssl',
  protocols: ['tls', 'dtls'],
  begin: fresh,
  take({ at, direction, flow, facts }, state, emit) {
    if (state.said) return
    let type = 0
    let record = 0
    for (const fact of facts) {
      const name = nameOf(fact)
      if (name.startsWith('x509')) {
        if (name === 'x509.subject' && state.subject === '') state.subject = textOf(fact)
        else if (name === 'x509.issuer' && state.issuer === '') state.issuer = textOf(fact)
        else if (name === 'x509.sha256' && state.fingerprints.length < MOST_CERTIFICATES) state.fingerprints.push(textOf(fact))
        else if (name === 'x509ce.dNSName' && state.fingerprints.length === 0 && state.names.length < 256)
          state.names.push(textOf(fact))
        continue
      }
      const field = name.startsWith('tls.') ? name.slice(4) : name.startsWith('dtls.') ? name.slice(5) : ''
      const client = type === 1
      switch (field) {
        case 'record.content_type':
        case 'record.opaque_type':
          record = numberOf(fact)
          type = 0
          state.at ??= at
          state.flow ??= flow
          if (record === 20) state.changed[direction] = true
          // Behind the hellos of TLS 1.3 the server's handshake looks like data: the client's data is what counts.
          else if (record === 23 && direction === 0 && state.answered) state.established = true
          break
        case 'handshake.type':
          type = numberOf(fact)
          if (type === 1 && state.ja3 === '') {
            state.at = at
            state.flow = flow
          } else if (type === 2) state.answered = true
          else if (type === 14) state.whole = true
          break
        case 'handshake.version':
        case 'handshake.extensions.supported_version':
          if (type === 2) state.version = numberOf(fact)
          break
        case 'handshake.ciphersuite':
          if (type === 2) state.cipher = numberOf(fact)
          break
        case 'handshake.extensions_supported_group':
          if (type === 2) state.curve = numberOf(fact)
          break
        case 'handshake.extensions_server_name':
          if (client) state.serverName = textOf(fact)
          break
        case 'handshake.extensions_alpn_str':
          if (type === 2) state.protocol = textOf(fact)
          break
        case 'handshake.ja3':
          state.ja3 = textOf(fact)
          break
        case 'handshake.ja3s':
          state.ja3s = textOf(fact)
          break
        case 'handshake.ja4':
          state.ja4 = textOf(fact)
          break
        case 'alert_message.desc':
          state.lastAlert = ALERTS[numberOf(fact)] ?? `alert-${numberOf(fact)}`
          break
        default:
      }
    }
    if (state.established) say(state, emit)
  },
  end(state, emit) {
    // Both sides changed to encryption: established, though nothing was sent.
    state.established ||= state.answered && state.changed[0] && state.changed[1] && state.version !== 0x0304
    if (state.answered || state.ja3 !== '' || state.lastAlert !== '') say(state, emit)
  },
})
