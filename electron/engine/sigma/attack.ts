/** ATT&CK ids from a rule's tags. Specification: Sigma tags appendix, namespace `attack`. */

/** Enterprise tactics; `stealth` is the newer name of `defense-evasion`. */
const TACTICS: ReadonlyMap<string, string> = new Map([
  ['reconnaissance', 'TA0043'],
  ['resource-development', 'TA0042'],
  ['initial-access', 'TA0001'],
  ['execution', 'TA0002'],
  ['persistence', 'TA0003'],
  ['privilege-escalation', 'TA0004'],
  ['defense-evasion', 'TA0005'],
  ['stealth', 'TA0005'],
  ['defense-impairment', 'TA0112'],
  ['credential-access', 'TA0006'],
  ['discovery', 'TA0007'],
  ['lateral-movement', 'TA0008'],
  ['collection', 'TA0009'],
  ['command-and-control', 'TA0011'],
  ['exfiltration', 'TA0010'],
  ['impact', 'TA0040'],
])

/** Techniques and tactics, in order of the tags, each once. */
export function attackIds(tags: readonly string[]): string[] {
  const ids = new Set<string>()
  for (const tag of tags) {
    const [space, ...rest] = tag.toLowerCase().split('.')
    if (space !== 'attack') continue
    const name = rest.join('.')
    if (/^t\d{4}(?:\.\d{3})?$/.test(name) || /^ta\d{4}$/.test(name)) ids.add(name.toUpperCase())
    else {
      const tactic = TACTICS.get(name.replaceAll('_', '-'))
      if (tactic !== undefined) ids.add(tactic)
    }
  }
  return [...ids]
}
