/** The engine and its client in one process: for tests, and for the terminal. */
import { contract, type WatchfloorContract } from '../../../shared/contract.ts'
import { connect } from '../../../shared/rpc/connect.ts'
import type { Caller, ClientOf } from '../../../shared/rpc/kinds.ts'
import { memoryPair } from '../../../shared/rpc/memory-transport.ts'
import { serve, type ServeLog } from '../../../shared/rpc/serve.ts'
import type { Engine } from './engine-interface.ts'
import { localOperator } from './operator.ts'
import { logToStderr } from './serve-log.ts'

/** A client of `engine`; closing it does not close the engine. Outputs are checked against the contract. */
export function connectInMemory(
  engine: Pick<Engine, 'handlers'>,
  options: { readonly caller?: Caller; readonly log?: (entry: ServeLog) => void } = {},
): ClientOf<WatchfloorContract> {
  return connect(contract, () => {
    const [near, far] = memoryPair()
    serve(contract, engine.handlers, far, {
      caller: options.caller ?? localOperator(),
      log: options.log ?? logToStderr,
      checkOutputs: true,
    })
    return Promise.resolve(near)
  })
}
