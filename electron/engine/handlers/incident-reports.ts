/** Reports of incidents (contract area `incidents`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { incidentReportContract } from '../../../shared/incident-report-contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { IncidentReports } from '../incidents/report/incident-reports.ts'
import { latest } from './latest.ts'

export const incidentReportHandlers = (
  reports: IncidentReports,
): Pick<HandlersOf<WatchfloorContract>, keyof typeof incidentReportContract> => ({
  'incidents.reportPreview': (choice, emit, { caller, signal }) => reports.preview(choice, caller.name, latest(emit), signal),
  'incidents.writeReport': (order, emit, { caller, signal }) => reports.write(order, caller.name, latest(emit), signal),
})
