/** A process with the small contract behind the real loopback server. Tells its port to its parent. */
import { tmpdir } from 'node:os'
import { startLoopbackServer } from '../../electron/engine/hosts/loopback-server.ts'
import { serve } from '../../shared/rpc/serve.ts'
import { small, smallCaller, smallEngine } from './small-contract.ts'

const engine = smallEngine()
const server = await startLoopbackServer({
  port: Number(process.argv[2]),
  token: process.argv[3] ?? '',
  rendererDir: tmpdir(),
  accept: (transport) =>
    void serve(small, engine.handlers, transport, { caller: smallCaller, log: engine.log, checkOutputs: true }),
})
if (!server.ok) throw new Error(server.error.message)
process.send?.(server.value.port)
process.on('disconnect', () => process.exit())
