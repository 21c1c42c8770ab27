/** The wire's log on stderr. Only here is the text of a fault told. */
import { inspect } from 'node:util'
import type { ServeLog } from '../../../shared/rpc/serve.ts'

export function logToStderr(entry: ServeLog): void {
  const line =
    entry.event === 'handler_fault'
      ? `fault ${entry.correlationId} in ${entry.method}: ${inspect(entry.error)}`
      : `connection refused: ${entry.reason}`
  process.stderr.write(`watchfloor: ${line}\n`)
}
