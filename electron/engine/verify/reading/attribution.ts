/**
 * Whether what happens on a target may be the work of this attack. Many try, and one gets in: what that one does must not be laid to those
 * who were refused.
 */
import type { ImpactCase } from '../case.ts'
import { ownFlows } from './flows.ts'
import { loginOf } from './logins.ts'
import { onceEach } from './once-each.ts'
import { eventsOf, plainAddress, textOf } from './values.ts'

type Class = ImpactCase['attackClass']

/** Attacks that, if they work, give power over the host. */
const GIVES_POWER = new Set<Class>([
  'sql_injection', 'path_traversal', 'command_injection', 'code_execution', 'web_shell', 'file_upload', 'lookup_injection', 'server_side_request', 'xml_entity',
  'credential_attack', 'login', 'command_and_control', 'lateral_movement', 'malware', 'credential_access', 'privilege_escalation', 'persistence',
]) // prettier-ignore
/** They run before the answer is made, so an error says nothing. */
const BLIND = new Set<Class>(['command_injection', 'code_execution', 'lookup_injection', 'server_side_request', 'xml_entity', 'web_shell', 'file_upload', null]) // prettier-ignore

/** Scans, floods and leaks give no power, and what follows them follows by chance. */
export const givesPower = ({ attackClass, alert }: ImpactCase): boolean =>
  attackClass === null ? alert.kind === 'sig' : GIVES_POWER.has(attackClass)

const STOPPED = /^(?:blocked|drop(?:ped)?|den(?:y|ied)|reject(?:ed)?|reset)$/i

/** False where all of it that was seen was refused: by a device, by the answer, by the login, or because nobody took the connection. */
export const mayHaveWorked = onceEach(notAllRefused)

function notAllRefused(of: ImpactCase): boolean {
  const { own, exchanges, attackClass, attacker } = of
  if (own.length > 0 && own.every(({ type, fields }) => type === 'drop' || STOPPED.test(textOf(fields, 'action')))) return false
  const asked = exchanges.filter((one) => one.own)
  const refused = (status: number | null): boolean => status !== null && status >= 400 && status < 500
  if (!BLIND.has(attackClass) && asked.length > 0 && asked.every(({ status }) => refused(status))) return false
  if (attackClass === 'credential_attack') {
    const logins = eventsOf(of.before, own, of.flow, of.after).flatMap((event) => {
      const login = loginOf(event)
      return login !== null && (attacker.ip === null || plainAddress(login.from) === attacker.ip) ? [login] : []
    })
    if (logins.length > 0 && !logins.some(({ accepted }) => accepted)) return false
  }
  const flows = ownFlows(of).filter(({ transport }) => transport === 'tcp')
  return flows.length === 0 || !flows.every(({ answered }) => answered === false)
}

/** What follows on the target may follow from the attack. */
export const mayFollow = (of: ImpactCase): boolean => givesPower(of) && mayHaveWorked(of)

/** Microseconds from the last event of the alert before `time` to it. */
export function laterThan({ alert, own }: ImpactCase, time: number): number {
  let latest = alert.first
  for (const at of [alert.last, ...own.map((event) => event.time)]) if (at <= time && at > latest) latest = at
  return time - latest
}
/** What is called for at once comes within this. */
export const AT_ONCE = 120_000_000
