import type { Block, Section } from '../../../../shared/model/report.ts'
import { aside, type Making } from '../making.ts'
import { told } from './route.ts'

/** By asset: what was weak, and what to do about it. */
export function weaknessSection(making: Making): Section {
  const { source, words } = making
  const sentences = source.sentences.filter(({ section }) => section === 'weakness' || section === 'advice')
  const assets = [...new Set(sentences.map(({ asset }) => asset))].sort((a, b) =>
    a === null ? 1 : b === null ? -1 : a < b ? -1 : 1,
  )
  const blocks: Block[] = []
  for (const asset of assets) {
    blocks.push({ kind: 'heading', level: 2, anchor: null, text: asset ?? words('weakness.general') })
    for (const part of ['weakness', 'advice'] as const) {
      const own = sentences.filter((sentence) => sentence.asset === asset && sentence.section === part)
      if (own.length === 0) continue
      blocks.push({ kind: 'heading', level: 3, anchor: null, text: words(`weakness.${part}`) })
      blocks.push(...own.map((sentence) => told(sentence, making)))
    }
  }
  if (blocks.length === 0) blocks.push(aside(words('weakness.none')))
  return { anchor: 'weakness', title: words('section.weakness'), blocks }
}
