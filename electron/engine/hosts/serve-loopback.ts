/** The engine for the machine's browser: page and contract on 127.0.0.1. */
import { contract } from '../../../shared/contract.ts'
import type { Result } from '../../../shared/model/result.ts'
import { serve, type ServeLog } from '../../../shared/rpc/serve.ts'
import type { Engine } from './engine-interface.ts'
import { type LoopbackOptions, type LoopbackServer, startLoopbackServer } from './loopback-server.ts'
import { localOperator } from './operator.ts'
import { logToStderr } from './serve-log.ts'

export interface ServeLoopbackOptions extends Omit<LoopbackOptions, 'accept'> {
  readonly engine: Pick<Engine, 'handlers'>
  readonly log?: (entry: ServeLog) => void
  /** For development: outputs that do not fit the contract fail their call. */
  readonly checkOutputs?: boolean
}

/** Serves until `close`, which does not close the engine. */
export function serveLoopback({ engine, log, checkOutputs, ...options }: ServeLoopbackOptions): Promise<Result<LoopbackServer>> {
  const caller = localOperator()
  return startLoopbackServer({
    ...options,
    accept: (transport) =>
      void serve(contract, engine.handlers, transport, { caller, log: log ?? logToStderr, checkOutputs: checkOutputs ?? false }),
  })
}
