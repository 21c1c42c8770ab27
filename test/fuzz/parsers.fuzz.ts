/** `node test/fuzz/parsers.fuzz.ts [count] [seed]`: the long form, 200,000 inputs by default. Prints counts; fails at the first wrong one. */
import { join } from 'node:path'
import { runnerImport } from 'vite'

const count = Number(process.argv[2] ?? 200_000)
const seed = Number(process.argv[3] ?? 1)
// The registry finds parsers by Vite's glob, which bare Node does not know.
const { module } = await runnerImport<typeof import('./fuzz-parsers.ts')>(join(import.meta.dirname, 'fuzz-parsers.ts'), {
  configFile: false,
  logLevel: 'error',
})
const began = Date.now()
const counts = module.fuzzParsers(count, seed, (so_far) => console.error(JSON.stringify(so_far)))
console.log(JSON.stringify({ seed, ...counts, seconds: (Date.now() - began) / 1000 }))
