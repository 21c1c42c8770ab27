/** Entry: the engine inside Electron's utility process. */
import { createEngine } from '../engine.ts'
import { electronParent } from '../engine-process.ts'
import { withDemonstration } from './demonstration.ts'
import { hostArguments } from './host-arguments.ts'
import { runUtilityHost } from './utility-host.ts'

const parent = electronParent()
if (!parent) throw new Error('This program is started by Electron: run `npm start`')
const options = hostArguments(process.argv.slice(2))
await runUtilityHost(parent, async () => {
  const engine = await createEngine({ dataDir: options.dataDir })
  return options.demo ? withDemonstration(engine) : engine
})
