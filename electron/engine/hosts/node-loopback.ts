/** Entry: the engine for the machine's browser, as a process of the launcher's. */
import { createEngine } from '../engine.ts'
import { withDemonstration } from './demonstration.ts'
import { hostArguments } from './host-arguments.ts'
import { runLoopbackHost } from './loopback-host.ts'

const options = hostArguments(process.argv.slice(2))
await runLoopbackHost(options, async () => {
  const engine = await createEngine({ dataDir: options.dataDir })
  return options.demo ? withDemonstration(engine) : engine
})
