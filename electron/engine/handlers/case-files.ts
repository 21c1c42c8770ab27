/** Case files (contract area `incidents`). */
import type { caseFileContract } from '../../../shared/case-file-contract.ts'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { CaseFiles } from '../case-file/case-files.ts'
import { latest } from './latest.ts'

export const caseFileHandlers = (files: CaseFiles): Pick<HandlersOf<WatchfloorContract>, keyof typeof caseFileContract> => ({
  'incidents.exportCase': (order, emit, { caller, signal }) => files.export(order, caller.name, latest(emit), signal),
  'incidents.verifyCase': ({ path }, emit, { signal }) => files.verify(path, latest(emit), signal),
  'incidents.importCase': ({ path }, emit, { caller, signal }) => files.import(path, caller.name, latest(emit), signal),
})
