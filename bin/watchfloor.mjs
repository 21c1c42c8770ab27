#!/usr/bin/env node
/** `watchfloor <command>`: finds Node 24, builds the engine where it is stale, then runs it. Stdout belongs to the command. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import engine from '../scripts/launch/engine-process.json' with { type: 'json' }
import { node24 } from '../scripts/node24.mjs'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const node = node24()
if (existsSync(file('vite.engine.config.ts')) && existsSync(file('node_modules/vite'))) {
  const build = spawnSync(node, [file('scripts/build.ts'), 'engine'], { cwd: file('.'), stdio: ['ignore', 2, 2] })
  if (build.status !== 0) process.exit(1)
}
const child = spawn(node, [...engine.flags, file('dist/engine/cli.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...engine.environment, ...process.env },
})
// Ctrl-C reaches both from the terminal; whoever signals this process alone means the command.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code) => process.exit(code ?? 1))
