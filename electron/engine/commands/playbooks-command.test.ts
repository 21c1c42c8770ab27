import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCaptured } from '../../../test/fixtures/terminal/run-captured.ts'

const shipped = join(import.meta.dirname, '..', '..', '..', 'resources', 'playbooks')
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-playbooks-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('watchfloor playbooks check', () => {
  it('finds the shipped ones right', async () => {
    const { code, lines, talk } = await runCaptured('playbooks', 'check', shipped)
    expect({ code, lines }).toEqual({ code: 0, lines: [] })
    expect(talk).toMatch(/^\d\d playbooks are right, 0 files are wrong\n$/)
  })

  it('says where a file is wrong', async () => {
    const file = join(folder, 'wrong.yml')
    writeFileSync(
      file,
      'id: wrong\nversion: 1\ntitle: { en: W, ko: 오류 }\ndescription: { en: W, ko: 오류 }\npropose: { tags: [x] }\nsteps:\n  - id: a\n    kind: contain\n    title: { en: A, ko: 가 }\n    text: { en: A, ko: 가 }\n    next: nobody\n',
    )
    const { code, lines } = await runCaptured('playbooks', 'check', file, shipped)
    expect({ code, lines }).toEqual({ code: 1, lines: [`${file}:11:11: there is no step nobody`] })
    const json = await runCaptured('playbooks', 'check', folder, '--json')
    expect(json.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { file, line: 11, column: 11, message: 'there is no step nobody' },
    ])
  })

  it('says what is not there, and wants to be told what to do', async () => {
    expect(await runCaptured('playbooks', 'check', join(folder, 'gone.yml'))).toMatchObject({ code: 1, lines: [expect.stringContaining('there is no such file or folder')] }) // prettier-ignore
    mkdirSync(join(folder, 'empty'))
    expect((await runCaptured('playbooks', 'check', join(folder, 'empty'))).code).toBe(1)
    expect((await runCaptured('playbooks', 'check')).code).toBe(2)
    expect((await runCaptured('playbooks', 'run', folder)).code).toBe(2)
  })
})
