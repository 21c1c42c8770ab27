/**
 * Impact verification over a labelled set: precision and recall of "succeeded", no denial of a success, and every byte where its cite says.
 * The confusion matrix is printed; README has the same (`UPDATE_README=1` writes it there).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DEFAULT_START, writeDemo } from '../../../electron/engine/demo/write-demo.ts'
import { NO_CORPORA } from '../../corpora.ts'
import { CAPTURED, corporaPaths, RECORDED } from './corpora.ts'
import { INTRUSION, ordinary, writeOrdinary, type FoundCase } from './demonstration.ts'
import { Desk } from './desk.ts'
import { LABELS, markedPart, matrixOf, measure, withMarkedPart, type Judged } from './labelled.ts'
import { MADE } from './made.ts'
import { filesOf } from './scene.ts'

const README = join(import.meta.dirname, '..', '..', '..', 'README.md')
const corpora = corporaPaths()
const judged: Judged[] = []
const misplaced: string[] = []
let placed = 0
const desks: Desk[] = []
/** Groups whose every case was judged: what README shows is of all of them. */
let groups = 0
afterAll(() => Promise.all(desks.map((desk) => desk.close())))

/** Imports, verifies each case's alert, and reads every deciding byte anew. */
async function judge(cases: readonly FoundCase[], fill: (desk: Desk) => Promise<readonly string[]>): Promise<void> {
  const desk = new Desk()
  desks.push(desk)
  await desk.import(...(await fill(desk)))
  await desk.open()
  for (const { asked, byChance = false, ...labelled } of cases) {
    const [alert] = await desk.alerts(asked)
    if (alert === undefined && byChance) continue
    expect(alert, `${labelled.id} raises an alert`).toBeDefined()
    const { result, reason, findings } = await desk.verify(alert!.id)
    judged.push({ ...labelled, result, reason: reason.en })
    for (const { test: by, bytes } of findings) {
      if (bytes === null) continue
      placed++
      const wrong = await desk.misplaced(bytes)
      if (wrong !== null) misplaced.push(`${labelled.id}, ${by}: ${wrong}`)
    }
  }
  groups++
}

const TIME = 120_000
test('made cases', { timeout: TIME }, () =>
  judge(
    MADE.map(({ of, asked }) => ({ ...of, asked })),
    async (desk) => [desk.write('made', filesOf(MADE.map(({ scene }) => scene)))],
  ),
)
test('an intrusion of the demonstration', { timeout: TIME }, () =>
  judge([...INTRUSION, ...ordinary('intrusion-day')], async (desk) => {
    const to = join(desk.folder, 'demo')
    await writeDemo(to, { seed: 7, minutes: 10, start: DEFAULT_START })
    return [to]
  }),
)
test.each([3, 11])('an ordinary day of the demonstration, seed %i', { timeout: TIME }, (seed) =>
  judge(ordinary(`day-${seed}`), async (desk) => {
    const to = join(desk.folder, 'demo')
    await writeOrdinary(to, seed, 6)
    return [to]
  }),
)
test.skipIf(corpora === null)(
  `captures and logs of the corpora${corpora === null ? ` (${NO_CORPORA})` : ''}`,
  { timeout: TIME },
  () => judge([...CAPTURED, ...RECORDED], async () => corpora ?? []),
)

test('what is said to have succeeded did, and little of what did is missed', () => {
  const measured = measure(judged)
  const table = matrixOf(measured)
  const differing = judged.filter(({ label, result }) => result !== label && !(label === 'unknown' && result === 'attempted'))
  process.stdout.write(
    `\n${table}\n${placed} deciding spans read anew.\n${differing.map(({ id, label, result, reason }) => `${id}: ${label}, said ${result} (${reason})\n`).join('')}`,
  )
  expect(new Set(judged.map(({ id }) => id)).size).toBe(judged.length)
  expect(new Set(judged.map(({ label }) => label))).toEqual(new Set(LABELS))
  expect(measured.cases).toBeGreaterThanOrEqual(120)
  expect(measured.positive * 2).toBeLessThanOrEqual(measured.cases)
  expect(measured.precision).toBeGreaterThanOrEqual(0.98)
  expect(measured.recall).toBeGreaterThanOrEqual(0.85)
  expect(judged.filter(({ label, result }) => label === 'succeeded' && (result === 'failed' || result === 'blocked'))).toEqual([])
})

test('the bytes that decided stand where their cites say', () => {
  expect(misplaced).toEqual([])
  expect(placed).toBeGreaterThan(30)
})

test.skipIf(corpora === null)('README shows this matrix', () => {
  expect(groups).toBe(5)
  const table = matrixOf(measure(judged))
  const readme = readFileSync(README, 'utf8')
  if (process.env['UPDATE_README'] === '1') writeFileSync(README, withMarkedPart(readme, table))
  else expect(markedPart(readme)).toBe(table)
})
