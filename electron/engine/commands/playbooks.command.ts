import { stat } from 'node:fs/promises'
import { playbookFiles, readPlaybookFile } from '../incidents/playbooks/load-playbooks.ts'
import { UsageError, defineCommand, out, talk } from './define.ts'

export default defineCommand({
  name: 'playbooks',
  usage: 'check <file|folder>... [--json]',
  summary: 'Reads playbooks and says where they are wrong: a line for each problem. The exit code is 0 where all are right.',
  options: {
    json: { type: 'boolean', doc: 'problems as JSON' },
  },
  async run(input) {
    const [what, ...paths] = input.positionals
    if (what !== 'check') throw new UsageError('say what to do: check')
    if (paths.length === 0) throw new UsageError('name at least one file or folder')
    const json = input.flag('json')
    const byId = new Map<string, string>()
    let [right, wrong] = [0, 0]
    const say = (problem: { file: string; line: number; column: number; message: string }): Promise<void> =>
      out(json ? JSON.stringify(problem) : `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`)
    for (const path of paths) {
      const files = await filesAt(path)
      if (typeof files === 'string') {
        await say({ file: path, line: 0, column: 0, message: files })
        wrong++
        continue
      }
      for (const file of files) {
        if (input.signal.aborted) return 1
        const read = await readPlaybookFile(file)
        const other = read.ok ? byId.get(read.value.id) : undefined
        if (!read.ok) for (const problem of read.error) await say(problem)
        else if (other === undefined) byId.set(read.value.id, file)
        else if (other !== file) await say({ file, line: 1, column: 1, message: `${other} has a playbook ${read.value.id} too` })
        if (read.ok && (other === undefined || other === file)) right++
        else wrong++
      }
    }
    talk(`${right} playbooks are right, ${wrong} files are wrong`)
    return wrong === 0 && right > 0 ? 0 : 1
  },
})

/** The file itself, or the playbooks of a folder; why not, where there is neither. */
async function filesAt(path: string): Promise<readonly string[] | string> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
  } catch {
    return 'there is no such file or folder'
  }
  const files = await playbookFiles(path)
  return files.ok ? files.value : `cannot be read: ${files.error}`
}
