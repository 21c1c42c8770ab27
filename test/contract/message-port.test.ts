import { MessageChannel, Worker } from 'node:worker_threads'
import { portTransport } from '../../shared/rpc/port-transport.ts'
import { contractSuite } from './suite.ts'

contractSuite('message ports to another thread', async () => {
  const start = (): Worker => new Worker(new URL('./port-engine.ts', import.meta.url))
  let worker: Worker | null = start()
  return {
    async connect() {
      if (!worker) throw new Error('no engine')
      const { port1, port2 } = new MessageChannel()
      worker.postMessage(port2, [port2])
      return portTransport(port1)
    },
    async kill() {
      const dying = worker
      worker = null
      await dying?.terminate()
    },
    async restart() {
      worker = start()
    },
    async stop() {
      await worker?.terminate()
    },
  }
})
