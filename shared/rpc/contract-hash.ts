/** Tells a screen and an engine of different builds apart before the first call. */
import { z } from 'zod'
import type { Contract } from './kinds.ts'

const known = new WeakMap<Contract, string>()

/** 16 hex digits over every method's name, kind, permission and shapes. Not a secret and not against forgery. */
export function contractHash(contract: Contract): string {
  const before = known.get(contract)
  if (before !== undefined) return before
  const shape = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })
  const methods = Object.keys(contract)
    .sort()
    .map((name) => {
      const method = contract[name]
      if (!method) return [name]
      const results =
        method.kind === 'stream'
          ? [shape(method.next)]
          : method.kind === 'job'
            ? [shape(method.progress), shape(method.output)]
            : [shape(method.output)]
      return [name, method.kind, method.permission, shape(method.input), results]
    })
  const hash = hash64(JSON.stringify(methods))
  known.set(contract, hash)
  return hash
}

/** Two 32-bit multiplicative hashes side by side: enough to notice a difference, without any crypto of the platform. */
function hash64(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
