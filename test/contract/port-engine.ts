/** A thread with the small contract; its parent hands it message ports, as Electron's main process hands them to the engine. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { portTransport } from '../../shared/rpc/port-transport.ts'
import { serve } from '../../shared/rpc/serve.ts'
import { small, smallCaller, smallEngine } from './small-contract.ts'

const engine = smallEngine()
parentPort?.on('message', (port: MessagePort) => {
  serve(small, engine.handlers, portTransport(port), { caller: smallCaller, log: engine.log, checkOutputs: true })
})
