import { resolve } from 'node:path'
import { findingLine } from '../case-file/findings.ts'
import { verifyCase } from '../case-file/verify-case.ts'
import { defineCommand, out, talk, UsageError } from './define.ts'
import { refuse } from './refuse.ts'

export default defineCommand({
  name: 'evidence',
  usage: 'verify <case-file> [--json]',
  summary:
    'Checks a case with nothing but its file: every row, every copy of evidence, and the chain of its ledger. A line for each finding; the exit code is 0 where there is none.',
  options: { json: { type: 'boolean', doc: 'the whole result as one JSON object' } },
  async run(input) {
    const [what, file, ...rest] = input.positionals
    if (what !== 'verify') throw new UsageError('say what to do: verify')
    if (file === undefined || rest.length > 0) throw new UsageError('name one case file')
    const done = await verifyCase(resolve(file), input.signal)
    if (!done.ok) return refuse(done.error)
    const { manifest, findings, evidence, blobs, ledger } = done.value
    const intact = findings.length === 0
    if (input.flag('json')) await out(JSON.stringify({ intact, ...done.value }))
    else {
      for (const finding of findings) await out(findingLine(finding))
      if (manifest)
        talk(
          `${manifest.incident} ${manifest.title}: ${evidence} items and ${blobs} copies of evidence, ${ledger} ledger entries, last hash ${manifest.ledger.last}, content ${manifest.content}`,
        )
      talk(intact ? 'Intact.' : `NOT INTACT: ${findings.length} findings`)
    }
    return intact ? 0 : 1
  },
})
