/** Several people write in one incident, each on what they saw last, in any order: none of it is lost. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { as, created, deskWith, must, note, task } from '../../../../test/fixtures/store/incidents.ts'
import { removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'
import { faultOf } from '../../ledger/chain.ts'
import { entriesOf } from '../desk-ledger.ts'
import { partsOf, standingPart } from './part-row.ts'
import { rowOfIncident } from './incident-row.ts'
import { rowsOf } from './rows.ts'

const dir = temporaryDir()
let desk: Opened
beforeAll(() => {
  desk = deskWith(dir, [])
  // Each step is a transaction of its own; whether it reaches the disk is another test's matter.
  desk.writer.desk.pragma('synchronous = OFF')
})
afterAll(() => {
  desk.close()
  removeDir(dir)
})

const WRITERS = ['kim', 'lee', 'park'] as const
/** Somebody looks (`look`), writes words somewhere into what they saw, or takes a part out. */
const step = fc.record({
  who: fc.nat({ max: WRITERS.length - 1 }),
  what: fc.constantFrom('look', 'note', 'note', 'note', 'summary', 'summary', 'tag', 'new', 'task', 'remove'),
  at: fc.nat({ max: 30 }),
  breaks: fc.boolean(),
})

const inserted = (text: string, at: number, word: string, breaks: boolean): string => {
  const words = text.split(/(?<=\s)/)
  words.splice(Math.min(at, words.length), 0, breaks ? `\n${word}\n` : ` ${word} `)
  return words.join('')
}

it('every word that was written is there, revisions grow, the ledger is whole', () => {
  let n = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const { incidents } = desk.writer
      const { number } = created(desk, `Run ${++n}`)
      const rows = rowsOf(desk.writer.desk)
      const incident = rowOfIncident(rows, number)!.id
      const shared = must(incidents.save({ number, draft: note('The first words\nof a shared note.\n') }, as('kim'))).id
      const look = () => {
        const standing = standingPart(rows, incident, 'note', shared)!
        const row = rowOfIncident(rows, number)!
        return {
          text: String(standing.fields['text']),
          base: standing.revision,
          summary: row.summary,
          tags: JSON.parse(row.tags) as string[],
        }
      }
      const seen = WRITERS.map(look)
      const written: string[] = []
      const tags: string[] = []
      let revision = 0
      for (const [i, { who, what, at, breaks }] of steps.entries()) {
        const by = WRITERS[who]!
        const mine = seen[who]!
        const word = `${by}${i}`
        if (what === 'look') seen[who] = look()
        else if (what === 'note') {
          const text = inserted(mine.text, at, word, breaks)
          const saved = must(incidents.save({ number, draft: note(text, shared, mine.base) }, as(by)))
          // An editor goes on with what it wrote itself where nothing was merged, else with what stands.
          seen[who] = saved.merged ? { ...mine, ...look() } : { ...mine, text, base: saved.revision }
          written.push(word)
        } else if (what === 'summary') {
          const summary = inserted(mine.summary, at, word, breaks)
          must(incidents.edit({ number, edit: { summary }, from: { summary: mine.summary }, insist: false }, as(by)))
          seen[who] = { ...mine, summary: look().summary }
          written.push(word)
        } else if (what === 'tag') {
          must(incidents.edit({ number, edit: { tags: [...mine.tags, word] }, from: { tags: mine.tags }, insist: false }, as(by)))
          tags.push(word)
        } else if (what === 'new') {
          must(incidents.save({ number, draft: note(word) }, as(by)))
          written.push(word)
        } else if (what === 'task') {
          must(incidents.save({ number, draft: task(word, breaks ? 'done' : 'open') }, as(by)))
          written.push(word)
        } else {
          incidents.remove({ number, kind: 'note', id: shared }, as(by))
          // Whoever writes next brings it back.
          must(incidents.save({ number, draft: note(mine.text, shared, mine.base) }, as(by)))
        }
        const now = rowOfIncident(rows, number)!.revision
        expect(now).toBeGreaterThanOrEqual(revision)
        revision = now
      }
      const row = rowOfIncident(rows, number)!
      const all = [
        row.summary,
        ...partsOf(rows, incident, 'note').map(({ fields }) => String(fields['text'])),
        ...partsOf(rows, incident, 'task').map(({ fields }) => String(fields['title'])),
      ].join('\n')
      const words = new Set(all.split(/[^\p{L}\p{N}]+/u))
      for (const word of written) expect(words, word).toContain(word)
      expect(JSON.parse(row.tags)).toEqual(expect.arrayContaining(tags))
      expect(faultOf(entriesOf(desk.writer.desk, number))).toBeNull()
    }),
    { numRuns: 60 },
  )
})
