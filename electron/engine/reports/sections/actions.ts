import type { Block, Figure, Row, Run, Section } from '../../../../shared/model/report.ts'
import { aside, code, strong, text, type Making } from '../making.ts'
import type { SourceAction } from '../report-source.ts'
import { dateTime } from '../words.ts'

const STATES = ['done', 'open', 'skipped'] as const
const anchorOf = (state: SourceAction['state']): string => `actions_${state}`

/** Tasks and steps of playbooks, by how far they came. */
export function actionsSection(making: Making): Section {
  const { source, words } = making
  const blocks: Block[] = []
  for (const state of STATES) {
    const actions = source.actions.filter((action) => action.state === state)
    if (actions.length === 0) continue
    blocks.push({ kind: 'heading', level: 2, anchor: null, text: words(`actions.${state}`) })
    blocks.push({
      kind: 'table',
      anchor: anchorOf(state),
      heads: true,
      columns: [
        { head: words('actions.action'), align: 'left', share: 4.2 },
        { head: words('actions.phase'), align: 'left', share: 1.2 },
        { head: words('actions.assignee'), align: 'left', share: 1.3 },
        { head: words('actions.ended'), align: 'left', share: 1.8 },
      ],
      rows: actions.map((action) => rowOf(action, making)),
    })
  }
  if (blocks.length === 0) blocks.push(aside(words('actions.none')))
  return { anchor: 'actions', title: words('section.actions'), blocks }
}

export const actionFigures = ({ source, words }: Making): Figure[] =>
  STATES.flatMap((state) => {
    const value = source.actions.filter((action) => action.state === state).length
    return value === 0 ? [] : [{ label: words(`figure.${state}`), value, counts: [anchorOf(state)] }]
  })

function rowOf(action: SourceAction, making: Making): Row {
  const { words } = making
  const playbook = making.said(action.playbook)
  const what: Run[] = [strong(making.said(action.title))]
  if (playbook !== '') what.push(text(`\n${playbook}`))
  if (action.reason !== '') what.push(text(`\n${words('actions.reason', { reason: action.reason })}`))
  const when =
    action.ended !== null
      ? code(dateTime(action.ended))
      : action.due !== null
        ? text(words('actions.due', { time: dateTime(action.due) }))
        : null
  return {
    anchor: null,
    cells: [
      what,
      action.phase === null ? [] : [text(words(`phase.${action.phase}`))],
      action.assignee === null ? [] : [text(action.assignee)],
      when === null ? [] : [when],
    ],
  }
}
