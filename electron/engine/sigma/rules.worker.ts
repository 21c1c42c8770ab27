/** A thread that parses rules. In: files; out: what was read from each of them. */
import { parentPort } from 'node:worker_threads'
import { rulesOfText, type RuleText } from './parse-rules.ts'

if (parentPort) {
  const port = parentPort
  port.on('message', (files: readonly RuleText[]) => port.postMessage(files.map((file) => [...rulesOfText(file)])))
}
