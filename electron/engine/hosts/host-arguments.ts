/** The command line of the hosts' entry points. Whoever starts them is our own launcher or main process. */
import { parseArgs } from 'node:util'
import { defaultDataDir } from '../data-dir.ts'

export interface HostArguments {
  readonly dataDir: string
  readonly demo: boolean
  /** Loopback only. 0 takes a free one. */
  readonly port: number
  readonly origins: readonly string[]
  readonly checkOutputs: boolean
}

/** Unknown arguments are ignored: Electron adds some of its own. */
export function hostArguments(argv: readonly string[]): HostArguments {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      demo: { type: 'boolean' },
      port: { type: 'string' },
      origin: { type: 'string', multiple: true },
      'check-outputs': { type: 'boolean' },
    },
  })
  const { data, demo, port, origin } = values
  return {
    dataDir: typeof data === 'string' && data !== '' ? data : defaultDataDir(),
    demo: demo === true,
    port: Number(port ?? 0),
    origins: Array.isArray(origin) ? origin.filter((each) => typeof each === 'string') : [],
    checkOutputs: values['check-outputs'] === true,
  }
}
