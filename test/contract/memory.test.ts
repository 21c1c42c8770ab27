import { memoryPair } from '../../shared/rpc/memory-transport.ts'
import { serve } from '../../shared/rpc/serve.ts'
import type { Transport } from '../../shared/rpc/transport.ts'
import { small, smallCaller, smallEngine } from './small-contract.ts'
import { contractSuite } from './suite.ts'

contractSuite('an in-memory pair', async () => {
  let engine: ReturnType<typeof smallEngine> | null = smallEngine()
  const lines: Transport[] = []
  return {
    async connect() {
      if (!engine) throw new Error('no engine')
      const [near, far] = memoryPair()
      lines.push(far)
      serve(small, engine.handlers, far, { caller: smallCaller, log: engine.log, checkOutputs: true })
      return near
    },
    async kill() {
      engine = null
      for (const line of lines.splice(0)) line.close('killed')
    },
    async restart() {
      engine = smallEngine()
    },
    async stop() {
      for (const line of lines.splice(0)) line.close()
    },
  }
})
