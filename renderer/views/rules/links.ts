import { termFor } from '../../../shared/query/print.ts'
import { formatRoute } from '../../app/route.ts'

/** All alerts of a rule, whatever became of them. */
export const alertsOfRule = (id: string): string =>
  formatRoute('alerts', { states: 'open,snoozed,decided', where: termFor('detection', id) })
