/** All sources of vulnerability data, found by their file names. */
import type { VulnerabilitiesDefinition } from './define.ts'

export const vulnerabilityFormats: readonly VulnerabilitiesDefinition[] = Object.values(
  import.meta.glob<VulnerabilitiesDefinition>('./*.vulnerabilities.ts', { eager: true, import: 'default' }),
).sort((a, b) => (a.id < b.id ? -1 : 1))
