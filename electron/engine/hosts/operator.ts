/** Who calls today: the one person at this machine, who may do everything. Accounts will take this file's place. */
import { userInfo } from 'node:os'
import { type Caller, PERMISSIONS } from '../../../shared/rpc/kinds.ts'

export function localOperator(): Caller {
  return { id: 'operator', name: loginName(), permissions: new Set(PERMISSIONS) }
}

/** A login without an entry in the system's user list (containers) has no name. */
function loginName(): string {
  try {
    return userInfo().username || 'operator'
  } catch {
    return 'operator'
  }
}
