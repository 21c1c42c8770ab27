/** All observations, found by their file names. */
import type { ObservationDefinition } from './define.ts'

export const observations: readonly ObservationDefinition[] = Object.values(
  import.meta.glob<ObservationDefinition>('./*.observation.ts', { eager: true, import: 'default' }),
).sort((a, b) => (a.id < b.id ? -1 : 1))
