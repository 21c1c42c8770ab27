import { Recent } from '../../decode/recent.ts'
import { COMMAND } from '../../decode/smb/smb2-commands.ts'
import { SMB1 } from '../../decode/smb/smb1-commands.ts'
import { endpointName, operationName } from '../rpc-names.ts'
import { Waiting } from '../waiting.ts'
import { defineLog, nameOf, numberOf, secondsBetween, textOf, type Emit, type FlowName, type Moment } from '../define.ts'
import { smbUnits } from '../smb-units.ts'

interface Call {
  readonly at: Moment
  readonly flow: FlowName
  readonly pipe: string
  readonly endpoint: string
  readonly operation: string
}
interface RpcState {
  /** Names that SMB was asked for, by message; names of its files. */
  readonly asked: Recent<string, string>
  readonly pipes: Recent<string, string>
  /** Interfaces, by pipe and context. */
  readonly bound: Recent<string, string>
  /** By call. */
  readonly calls: Waiting<string, Call>
}

function say(call: Call, answer: Moment | undefined, emit: Emit): void {
  emit('dce_rpc', call.at, call.flow, {
    rtt: answer && secondsBetween(call.at, answer),
    named_pipe: call.pipe,
    endpoint: call.endpoint,
    operation: call.operation,
  })
}

/** Calls of remote procedures, over TCP and named pipes. */
export default defineLog<RpcState>({
  id: 'dce_rpc',
  protocols: ['dcerpc', 'smb', 'smb2'],
  begin: () => ({ asked: new Recent(256), pipes: new Recent(256), bound: new Recent(256), calls: new Waiting(256) }),
  take(said, state, emit) {
    const { at, flow, facts } = said
    const { asked, pipes, bound, calls } = state
    for (const { old, command, response, status, id, name, file } of smbUnits(said)) {
      if (command !== (old ? SMB1.ntCreate : COMMAND.create)) continue
      if (!response) asked.set(id, name)
      else if (status === 0 && file !== '') pipes.set(file, asked.take(id) ?? '')
    }
    let [file, kind, call, context] = ['', -1, '', 0]
    for (const fact of facts) {
      switch (nameOf(fact)) {
        case 'smb2.fid':
        case 'smb.fid':
          file = textOf(fact)
          break
        case 'dcerpc.pkt_type':
          kind = numberOf(fact)
          break
        case 'dcerpc.cn_call_id':
          call = textOf(fact)
          if (kind === 2 || kind === 3) {
            const answered = calls.take(call)
            if (answered !== undefined) say(answered, at, emit)
          }
          break
        case 'dcerpc.cn_ctx_id':
          context = numberOf(fact)
          break
        case 'dcerpc.cn_bind_to_uuid':
          // Some contexts only offer another encoding: the first of a number counts.
          bound.set(`${file} ${context}`, textOf(fact))
          break
        case 'dcerpc.opnum': {
          if (kind !== 0) break
          const uuid = bound.get(`${file} ${context}`) ?? ''
          const one: Call = {
            at,
            flow,
            pipe: pipes.get(file) ?? (flow.serverPort > 0 && file === '' ? String(flow.serverPort) : ''),
            endpoint: endpointName(uuid),
            operation: operationName(uuid, numberOf(fact)),
          }
          const before = calls.take(call)
          // Fragments of one call.
          if (before !== undefined && before.operation !== one.operation) say(before, undefined, emit)
          const oldest = calls.add(call, one)
          if (oldest !== undefined) say(oldest, undefined, emit)
          break
        }
        default:
      }
    }
  },
  end({ calls }, emit) {
    for (const call of calls.takeAll()) say(call, undefined, emit)
  },
})
