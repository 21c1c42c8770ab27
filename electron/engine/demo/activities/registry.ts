/** All activities, by file, in order of their ids. */
import type { Activity } from './define.ts'

const files = import.meta.glob<{ default: Activity }>('./*.activity.ts', { eager: true })

export const ACTIVITIES: readonly Activity[] = (() => {
  const seen = new Map<string, string>()
  return Object.entries(files)
    .map(([file, module]) => {
      const other = seen.get(module.default.id)
      if (other !== undefined) throw new Error(`activity ${module.default.id} is in ${other} and in ${file}`)
      seen.set(module.default.id, file)
      return module.default
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
})()
