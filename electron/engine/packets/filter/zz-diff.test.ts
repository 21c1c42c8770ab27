import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'vitest'
import { checkOwnFilter } from './check-filter.ts'
import { closeCapture, filterCapture } from '../../../../test/conformance/filter-capture.ts'
test('diff', async () => {
  const cases = JSON.parse(readFileSync(process.env['DIFF']!, 'utf8')) as {
    file: string
    filter: string
    count: number | string
  }[]
  const out: string[] = []
  let same = 0,
    dissect = 0
  for (const { file, filter, count } of cases) {
    let got: number | string | null
    try {
      got = await filterCapture(file, filter)
    } catch (e) {
      got = 'E ' + (e as Error).message + (String(e).includes('TypeError') ? (e as Error).stack : '')
    }
    if (got === null) {
      dissect++
      const c = checkOwnFilter(filter)
      out.push(`dissect ${filter} ${c.ok ? '' : c.error.message} [tshark ${count}] ${file.slice(-40)}`)
      continue
    }
    if (got === count || (typeof got === 'string' && typeof count === 'string')) {
      same++
      if (typeof got === 'string') out.push(`both err: ${filter} | ${got} | ${count}`)
    } else out.push(`DIFF ${filter} ours ${got} tshark ${count} ${file.slice(-40)}`)
  }
  closeCapture()
  out.push(`same ${same} dissect ${dissect} of ${cases.length}`)
  writeFileSync(process.env['DIFF'] + '.out', out.join('\n') + '\n')
}, 600000)
