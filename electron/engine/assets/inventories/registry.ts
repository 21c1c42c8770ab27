/** All inventories, found by their file names. */
import type { InventoryDefinition } from './define.ts'

export const inventories: readonly InventoryDefinition[] = Object.values(
  import.meta.glob<InventoryDefinition>('./*.inventory.ts', { eager: true, import: 'default' }),
).sort((a, b) => (a.id < b.id ? -1 : 1))
