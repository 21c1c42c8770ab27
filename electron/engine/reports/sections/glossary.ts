import type { Block, Runs, Section } from '../../../../shared/model/report.ts'
import { GLOSSARY } from '../glossary-words.ts'
import type { Making } from '../making.ts'

/** Always on the first page. */
const ALWAYS = new Set(['TLP', 'PAP', 'SHA-256'])

/** The terms that occur in what was made so far. */
export function glossarySection({ language, words }: Making, sections: readonly Section[]): Section {
  const whole = sections
    .flatMap(({ title, blocks }) => [title, ...blocks.flatMap(textsOf)])
    .join('\n')
    .toLowerCase()
  const occurs = (found: string): boolean => {
    const needle = found.toLowerCase()
    for (let at = whole.indexOf(needle); at >= 0; at = whole.indexOf(needle, at + 1)) {
      // Words of Korean have their endings behind them.
      if (!isLetter(whole[at - 1]) && (language === 'ko' || !isLetter(whole[at + needle.length]))) return true
    }
    return false
  }
  const terms = GLOSSARY.filter(({ term, found }) => ALWAYS.has(term.en) || found[language].some(occurs))
    .map(({ term, meaning }) => ({ term: term[language], meaning: meaning[language] }))
    .sort((a, b) => a.term.localeCompare(b.term, language))
  return { anchor: 'glossary', title: words('section.glossary'), blocks: [{ kind: 'glossary', terms }] }
}

const isLetter = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character)
const joined = (runs: Runs): string => runs.map(({ text }) => text).join('')

function textsOf(block: Block): string[] {
  if (block.kind === 'heading') return [block.text]
  if (block.kind === 'paragraph') return [joined(block.runs)]
  if (block.kind === 'list') return block.items.map(joined)
  if (block.kind === 'table')
    return [...block.columns.map(({ head }) => head), ...block.rows.flatMap(({ cells }) => cells.map(joined))]
  if (block.kind === 'timeline') return block.entries.flatMap(({ kind, runs }) => [kind, joined(runs)])
  if (block.kind === 'figures') return block.figures.map(({ label }) => label)
  return []
}
