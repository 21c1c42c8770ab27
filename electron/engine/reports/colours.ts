/** Colours of reports: those of the light theme. TLP's are FIRST's, on black. */
import type { Tlp } from '../../../shared/model/incident.ts'
import type { RouteState } from '../../../shared/model/report.ts'
import type { Severity } from '../../../shared/model/severity.ts'

export const INK = '#0f1317'
export const BODY = '#262d35'
export const QUIET = '#5f6974'
export const LINE = '#cdd3da'
export const FAINT = '#f1f3f6'
export const LINK = '#0a5dbf'
export const CHIP = '#eaf2fc'
export const IMPACT = '#a3136f'
export const TRIED = '#3c4650'
export const SEEN = '#9aa4af'

export const TLP_COLOUR: Readonly<Record<Tlp, string>> = {
  CLEAR: '#ffffff',
  GREEN: '#33ff00',
  AMBER: '#ffc000',
  'AMBER+STRICT': '#ffc000',
  RED: '#ff2b2b',
}
export const ROUTE_COLOUR: Readonly<Record<RouteState, string>> = { worked: IMPACT, tried: TRIED, seen: SEEN }
/** Low and info have no hue. */
export const SEVERITY_COLOUR: Readonly<Record<Severity, string>> = {
  critical: '#c81e24',
  high: '#ad4900',
  medium: '#7d6300',
  low: '#4c5661',
  info: '#5f6974',
}
