import { timeOf } from '../event-lines.ts'
import { defineLog, nameOf, numberOf, textOf, type EventValue } from '../define.ts'

const MOST_NAMES = 100

/** Every certificate that was sent in the clear. */
export default defineLog<null>({
  id: 'x509',
  protocols: ['tls', 'dtls'],
  begin: () => null,
  take({ at, direction, flow, facts }, _, emit) {
    let values: Record<string, EventValue> = {}
    let names: string[] = []
    let first = true
    for (const fact of facts) {
      switch (nameOf(fact)) {
        case 'x509af.serialNumber':
          values = { 'certificate.serial': textOf(fact).toUpperCase() }
          names = []
          break
        case 'x509ce.dNSName':
          if (names.length < MOST_NAMES) names.push(textOf(fact))
          break
        case 'x509.subject':
          values['certificate.subject'] = textOf(fact)
          break
        case 'x509.issuer':
          values['certificate.issuer'] = textOf(fact)
          break
        case 'x509.not_before':
          values['certificate.not_valid_before'] = timeOf({ seconds: numberOf(fact), nanos: 0 })
          break
        case 'x509.not_after':
          values['certificate.not_valid_after'] = timeOf({ seconds: numberOf(fact), nanos: 0 })
          break
        case 'x509.self_signed':
          values['self_signed'] = fact.value === true
          break
        case 'x509.sha1':
          values['sha1'] = textOf(fact)
          break
        case 'x509.sha256':
          emit('x509', at, flow, {
            fingerprint: textOf(fact),
            ...values,
            'san.dns': names,
            host_cert: first && direction === 1,
            client_cert: direction === 0,
          })
          first = false
          break
        default:
      }
    }
  },
})
