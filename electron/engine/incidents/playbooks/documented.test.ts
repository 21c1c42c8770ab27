/** `docs/playbooks.md` names all there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FACT_NAMES } from '../../../../shared/model/playbook-facts.ts'
import { COMMAND_PLACES, PLAYBOOK_PHASES, PLAYBOOK_ROLES, STEP_KINDS } from '../../../../shared/model/playbook.ts'
import { FileStep, PlaybookFile } from './file-format.ts'
import { QUERY_PLACEHOLDERS } from './query-placeholders.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'playbooks.md'), 'utf8')

it('every key, kind, role, fact and placeholder is documented', () => {
  const keys = new Set([...Object.keys(PlaybookFile.shape), ...FileStep.options.flatMap((option) => Object.keys(option.shape))])
  const placeholders = Object.keys(QUERY_PLACEHOLDERS).map((name) => `<${name}>`)
  const names = [...keys, ...STEP_KINDS, ...PLAYBOOK_ROLES, ...PLAYBOOK_PHASES, ...COMMAND_PLACES, ...FACT_NAMES, ...placeholders]
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
