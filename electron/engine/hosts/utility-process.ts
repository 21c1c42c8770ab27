/** Entry point: the engine inside Electron. */
import { createEngine } from '../engine.ts'
import { electronParent } from '../engine-process.ts'
import { withDemonstration } from './demonstration.ts'
import { hostArguments } from './host-arguments.ts'
import { runUtilityHost } from './utility-host.ts'

const parent = electronParent()
if (!parent) {
  process.stderr.write('watchfloor: this entry point runs as a utility process of Electron only\n')
  process.exit(2)
}
const options = hostArguments(process.argv.slice(2))
await runUtilityHost(parent, async () => {
  const started = await createEngine({ dataDir: options.dataDir })
  return options.demo ? withDemonstration(started) : started
})
