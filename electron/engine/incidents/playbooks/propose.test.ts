import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IMPACTS } from '../../../../shared/model/impact.ts'
import type { PlaybookProposal } from '../../../../shared/model/playbook.ts'
import { SEVERITIES, severityRank } from '../../../../shared/model/severity.ts'
import { loadPlaybooks, playbookFolders } from './load-playbooks.ts'
import { proposePlaybooks, type ProposalFacts } from './propose.ts'

const NOTHING: ProposalFacts = { classes: [], techniques: [], tags: [], impact: null, severity: null }
const { playbooks: loaded } = await loadPlaybooks(playbookFolders('/nowhere'))
const shipped = loaded.map(({ playbook }) => playbook)
const proposed = (facts: Partial<ProposalFacts>): string[] =>
  proposePlaybooks(shipped, { ...NOTHING, ...facts }).map(({ playbook }) => playbook.id)

describe('proposals', () => {
  it.each<[first: string, facts: Partial<ProposalFacts>]>([
    ['web-exploit-succeeded', { classes: ['sql_injection'], techniques: ['T1190'], impact: 'succeeded', severity: 'high' }],
    ['vulnerable-service-exposed', { classes: ['sql_injection'], techniques: ['T1190'], impact: 'failed', severity: 'medium' }],
    ['web-shell-found', { classes: ['web_shell'], techniques: ['T1505.003'], impact: 'succeeded', severity: 'critical' }],
    ['credential-compromise', { classes: ['credential_attack'], techniques: ['T1110.003'], impact: 'likely', severity: 'high' }],
    ['ransomware-in-progress', { classes: ['malware'], techniques: ['T1486'], impact: 'succeeded', severity: 'critical' }],
    ['ransomware-precursor', { classes: ['malware'], techniques: ['T1490', 'T1562.001'], impact: 'attempted', severity: 'high' }],
    ['c2-beacon', { classes: ['command_and_control'], techniques: ['T1071.001'], impact: 'succeeded', severity: 'high' }],
    ['dns-tunnelling', { techniques: ['T1071.004', 'T1572'], tags: ['dns'], severity: 'medium' }],
    ['domain-admin-suspected', { classes: ['credential_access'], techniques: ['T1558.003'], severity: 'high' }],
    ['denial-of-service', { classes: ['denial_of_service'], severity: 'high' }],
    ['business-email-compromise', { techniques: ['T1564.008'], severity: 'medium' }],
    ['insider-bulk-access', { tags: ['Insider'], severity: 'medium' }],
  ])('%s comes first', (first, facts) => {
    expect(proposed(facts)[0]).toBe(first)
  })

  it('says why in both languages, and that impact is not verified where it is not', () => {
    const [best] = proposePlaybooks(shipped, { ...NOTHING, classes: ['sql_injection'], impact: 'succeeded', severity: 'high' })
    expect(best?.reasons).toEqual([
      { kind: 'class', value: 'sql_injection' },
      { kind: 'impact', value: 'succeeded' },
      { kind: 'severity', value: 'high' },
    ])
    expect(best?.text).toEqual({
      en: 'attack: sql injection; impact: succeeded; severity: high',
      ko: '공격 유형: sql injection; 영향: 성공; 등급: 높음',
    })
    const [unknown] = proposePlaybooks(shipped, { ...NOTHING, techniques: ['T1190'], severity: 'high' })
    expect(unknown?.text).toMatchObject({ en: expect.stringContaining('impact not verified yet') as string })
  })

  it('proposes nothing where nothing fits, and nothing below the severity that a playbook is for', () => {
    expect(proposed({ severity: 'critical', impact: 'succeeded' })).toEqual([])
    expect(proposed({ techniques: ['T1486'], impact: 'succeeded', severity: 'low' })).not.toContain('ransomware-in-progress')
    expect(proposed({ techniques: ['T1486'], impact: 'blocked', severity: 'high' })).not.toContain('ransomware-in-progress')
    // A sub-technique is of its technique; a technique is not all of its sub-techniques, but related.
    const propose = (id: string): PlaybookProposal => ({ classes: [], techniques: [id], tags: [], impacts: [], severity: 'info' })
    const score = (wanted: string, known: string): number =>
      proposePlaybooks([{ propose: propose(wanted) }], { ...NOTHING, techniques: [known] })[0]?.score ?? 0
    expect(score('T1110', 'T1110.003')).toBe(score('T1110', 'T1110'))
    expect(score('T1110.003', 'T1110')).toBeGreaterThan(0)
    expect(score('T1110.003', 'T1110')).toBeLessThan(score('T1110.003', 'T1110.003'))
    expect(score('T1110', 'T1111')).toBe(0)
  })

  it('whatever the facts: ranked, allowed, each with a reason', () => {
    const facts = fc.record({
      classes: fc.subarray(['sql_injection', 'malware', 'web_shell', 'exfiltration', 'login']),
      techniques: fc.subarray(['T1190', 'T1486', 'T1071.001', 'T1110', 'T1558.003']),
      tags: fc.subarray(['web', 'ddos', 'mail']),
      impact: fc.option(fc.constantFrom(...IMPACTS)),
      severity: fc.option(fc.constantFrom(...SEVERITIES)),
    })
    fc.assert(
      fc.property(facts, (facts) => {
        const found = proposePlaybooks(shipped, facts)
        for (const [at, { playbook, score, reasons, text }] of found.entries()) {
          expect(score).toBeLessThanOrEqual(found[at - 1]?.score ?? Infinity)
          expect(reasons.some(({ kind }) => kind === 'class' || kind === 'technique' || kind === 'tag')).toBe(true)
          expect(text.en.length * text.ko.length).toBeGreaterThan(0)
          const { impacts, severity } = playbook.propose
          if (facts.impact !== null && impacts.length > 0) expect(impacts).toContain(facts.impact)
          if (facts.severity !== null) expect(severityRank(facts.severity)).toBeGreaterThanOrEqual(severityRank(severity))
        }
      }),
    )
  })
})
