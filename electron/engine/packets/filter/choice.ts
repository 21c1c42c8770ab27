/** What completion offers: a field, an operator, a function, a value. */
import type { z } from 'zod'
import type { FilterChoice } from '../../../../shared/packet-contract.ts'

export type Choice = z.infer<typeof FilterChoice>
