/** Changed inventories and vulnerability data through what reads them: rows and problems come out, bounded ones, and never another error. */
import { Asset, RowProblem } from '../../shared/model/asset.ts'
import { Catalogue } from '../../electron/engine/assets/catalogue/catalogue.ts'
import { inventories } from '../../electron/engine/assets/inventories/registry.ts'
import { FileProblem } from '../../electron/engine/assets/reading/row.ts'
import { imported } from '../../electron/engine/assets/register.ts'
import { vulnerabilityFormats } from '../../electron/engine/assets/vulnerabilities/registry.ts'
import { mutate, Random } from './random.ts'

export interface InventoryCounts {
  files: number
  rows: number
  problems: number
  recognised: number
}

const TIME = '2026-01-02T03:04:05.000Z'

async function* pieces(text: string, random: Random): AsyncGenerator<string> {
  for (let at = 0; at < text.length;) {
    const length = 1 + random.below(400)
    yield text.slice(at, at + length)
    at += length
  }
}

/** Reads `count` changed files; throws with the seed and the number of the one that goes wrong. */
export async function fuzzInventories(
  count: number,
  seed: number,
  catalogue: Catalogue,
  progress?: (counts: Readonly<InventoryCounts>) => void,
): Promise<InventoryCounts> {
  const random = new Random(seed)
  const formats = [...inventories, ...vulnerabilityFormats]
  const texts = formats.flatMap(({ examples }) => examples.map(({ input }) => input))
  const counts: InventoryCounts = { files: 0, rows: 0, problems: 0, recognised: 0 }
  for (; counts.files < count; counts.files++) {
    if (counts.files % 5000 === 4999) progress?.(counts)
    const format = random.pick(formats)
    const text = mutate(random.pick(format.examples).input, random, texts)
    const fail = (message: string): never => {
      throw new Error(`seed ${seed}, file ${counts.files} (${format.id}): ${message}`)
    }
    for (const one of formats) {
      const sure = one.recognises(text, 'x')
      if (!(sure >= 0 && sure <= 1)) fail(`recognised with ${sure} as ${one.id}`)
    }
    if (format.recognises(text, 'x') > 0.5) counts.recognised++
    const lines = text.split('\n').length
    const wrong = (problem: RowProblem): void => {
      counts.problems++
      RowProblem.parse(problem)
      if (problem.line < 1 || problem.line > lines || problem.column < 1) fail(`a problem at ${problem.line}:${problem.column}`)
    }
    try {
      for await (const item of format.read(pieces(text, random), text)) {
        if (item.kind === 'problem') wrong(item.problem)
        else {
          counts.rows++
          if (item.kind === 'asset') Asset.parse(imported(item.asset, null, null, 'x', TIME))
          else if (item.kind !== 'finding' && item.kind !== 'customer') catalogue.write([item])
        }
      }
    } catch (error) {
      if (error instanceof FileProblem) wrong(error.problem)
      else fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }
  // What was taken can be asked.
  for (const product of [
    'cpe:2.3:a:apache:http_server:2.4.49:*:*:*:*:*:*:*',
    'cpe:2.3:a:acme:acme_shop:2.0:*:*:*:*:*:*:*',
    'cpe:2.3:a:*:*:*:*:*:*:*:*:*:*',
  ])
    catalogue.describe(catalogue.match([{ cpe: product, how: 'cpe' }]).matches.map(({ cve }) => cve))
  return counts
}
