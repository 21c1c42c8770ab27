import { Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Pane } from '../../components/Pane.tsx'
import { EmptyState, Loading } from '../../components/States.tsx'
import { TOOLS, type ToolProps } from './tools/define.ts'
import type { ToolId } from './tools/tool-ids.ts'

/** Tools that are a strip above the rows; the others take the place of tree and bytes. */
const STRIPS: ReadonlySet<ToolId> = new Set(['find', 'goto'])
export const isStrip = (tool: ToolId): boolean => STRIPS.has(tool)

/** The tool that is open, loaded when it is first shown. */
export function ToolArea({ id, ...props }: ToolProps & { readonly id: ToolId }): ReactNode {
  const { t } = useTranslation('packets')
  const Tool = TOOLS[id]
  const place = isStrip(id) ? 'pk-strip' : 'pk-tool'
  if (!Tool)
    return (
      <Pane label={t(`tools.${id}`)} className={place}>
        <EmptyState>{t('tools.none', { tool: t(`tools.${id}`) })}</EmptyState>
      </Pane>
    )
  // A tool is a pane by itself.
  return (
    <div className={`wf-pane ${place}`}>
      <Suspense fallback={<Loading />}>
        <Tool {...props} />
      </Suspense>
    </div>
  )
}
