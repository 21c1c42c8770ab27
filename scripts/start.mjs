/** `npm start`: finds Node 24, then lets scripts/start.ts do everything. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { node24 } from './node24.mjs'

const script = fileURLToPath(new URL('./start.ts', import.meta.url))
const child = spawn(node24(), [script, ...process.argv.slice(2)], { stdio: 'inherit' })
// Ctrl-C reaches both from the terminal; whoever signals this process alone means the child.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code) => process.exit(code ?? 1))
