/** How a flow went, in Zeek's words (https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html). */
import { D, STATE, W } from '../flows/flow-record.ts'

const FIN = 1
const RST = 4

/** Of the flow whose record is at `at`. */
export function connState(words: Uint32Array, at: number): string {
  const kind = words[at + W.kind]!
  const transport = kind & 255
  const client = words[at + W.clientPackets]! > 0
  const server = words[at + W.serverPackets]! > 0
  if (transport === 17 || transport === 132) return client ? (server ? 'SF' : 'S0') : server ? 'SHR' : 'OTH'
  if (transport !== 6) return 'OTH'
  const state = kind >>> 16
  const fromClient = words[at + W.clientSide + D.seen]!
  const fromServer = words[at + W.serverSide + D.seen]!
  const asked = (state & STATE.syn) !== 0
  const accepted = (state & STATE.synAck) !== 0
  const established = asked ? accepted && (state & STATE.established) !== 0 : (state & STATE.established) !== 0
  if ((fromServer & RST) !== 0) {
    if (!client) return 'RSTRH'
    return asked && !accepted ? 'REJ' : 'RSTR'
  }
  if ((fromClient & RST) !== 0) return server ? 'RSTO' : 'RSTOS0'
  const finished = [(fromClient & FIN) !== 0, (fromServer & FIN) !== 0] as const
  if (finished[0] && finished[1]) return 'SF'
  if (finished[0]) return server ? 'S2' : 'SH'
  if (finished[1]) return client ? 'S3' : 'SHR'
  if (asked && !server) return 'S0'
  // Without its beginning, what came before is not known.
  return asked && established ? 'S1' : 'OTH'
}

/** Bytes of payload that one direction sent, each once: by sequence numbers where they tell, otherwise as counted. */
export function sentOnce(words: Uint32Array, side: number, counted: number): number {
  const seen = words[side + D.seen]!
  const bits = seen >>> 24
  // Both ends are known (see SEEN in flow-record.ts).
  if ((bits & 3) !== 3 || counted >= 2 ** 31) return counted
  const sent = ((words[side + D.next]! - words[side + D.base]!) >>> 0) - 1 - (seen & FIN)
  return Math.max(0, Math.min(counted, sent))
}
