/** Threads and child processes run from the built engine: build it before the first test, when it is stale. */
import { buildStale } from '../scripts/build.ts'

export default async function setup(): Promise<void> {
  await buildStale(['engine'])
}
