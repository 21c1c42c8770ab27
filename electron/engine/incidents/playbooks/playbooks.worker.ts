/** A thread that reads playbooks. In: the text of a file; out: the playbook, or what is wrong with it. */
import { parentPort } from 'node:worker_threads'
import { readPlaybook } from './read-playbook.ts'

if (parentPort) {
  const port = parentPort
  port.on('message', (text: string) => port.postMessage(readPlaybook(text)))
}
