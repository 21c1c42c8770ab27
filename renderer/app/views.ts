/** The views there are: every folder of `views/` that has an `index.tsx`. */
import type { ViewDefinition } from './define-view.ts'

const found = import.meta.glob<ViewDefinition>('../views/*/index.tsx', { eager: true, import: 'view' })

function ordered(): readonly ViewDefinition[] {
  const views = Object.values(found).sort((a, b) => a.order - b.order)
  for (const key of ['id', 'go', 'order'] as const) {
    const seen = new Set(views.map((view) => view[key]))
    if (seen.size !== views.length) throw new Error(`Two views have the same ${key}`)
  }
  return views
}

/** All views, in the order of the rail. */
export const VIEWS: readonly ViewDefinition[] = ordered()
