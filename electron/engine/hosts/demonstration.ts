/** `--demo`: the desk opens with the demonstration running. */
import { ok, type Result } from '../../../shared/model/result.ts'
import type { Engine } from './engine-interface.ts'
import { localOperator } from './operator.ts'

/** Starts the demonstration on an engine that does not have it yet; gives the engine back. */
export async function withDemonstration(started: Result<Engine>): Promise<Result<Engine>> {
  if (!started.ok) return started
  const { handlers } = started.value
  const context = { caller: localOperator(), signal: new AbortController().signal }
  const status = await handlers['engine.status']({}, context)
  if (status.ok && status.value.demo) return started
  const begun = await handlers['demo.start']({ speed: 10, seed: 1 }, context)
  // A desk without its demonstration is still a desk.
  if (!begun.ok) process.stderr.write(`watchfloor: the demonstration does not start: ${begun.error.message}\n`)
  return ok(started.value)
}
