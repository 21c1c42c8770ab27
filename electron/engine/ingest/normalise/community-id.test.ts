import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { communityId } from './community-id.ts'

describe('Community ID', () => {
  // The specification's own vectors.
  it.each<[string, string, string, number | null, number | null, string]>([
    ['1.2.3.4', '5.6.7.8', 'tcp', 1122, 3344, '1:wCb3OG7yAFWelaUydu0D+125CLM='],
    ['1.2.3.4', '5.6.7.8', 'udp', 1122, 3344, '1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg='],
    ['1.2.3.4', '5.6.7.8', 'icmp', 8, 0, '1:crodRHL2FEsHjbv3UkRrfbs4bZ0='],
    ['5.6.7.8', '1.2.3.4', 'icmp', 0, 0, '1:crodRHL2FEsHjbv3UkRrfbs4bZ0='],
    [
      'fe80:0001:0203:0405:0607:0809:0A0B:0C0D',
      'fe80:1011:1213:1415:1617:1819:1A1B:1C1D',
      'icmp6',
      128,
      0,
      '1:0bf7hyMJUwt3fMED7z8LIfRpBeo=',
    ],
    ['1.2.3.4', '5.6.7.8', '46', null, null, '1:ikv3kmf89luf73WPz1jOs49S768='],
  ])('%s → %s %s %s/%s', (source, destination, protocol, from, to, id) =>
    expect(communityId(source, destination, protocol, from, to)).toBe(id),
  )

  it('is undefined where the tuple is none', () => {
    expect(communityId('1.2.3.4', '::1', 'tcp', 1, 2)).toBeUndefined()
    expect(communityId('1.2.3.4', '5.6.7', 'tcp', 1, 2)).toBeUndefined()
    expect(communityId('1.2.3.4', '5.6.7.8', 'tcp', null, 2)).toBeUndefined()
    expect(communityId('1.2.3.4', '5.6.7.8', 'tcp', 1, 65_536)).toBeUndefined()
    expect(communityId('1.2.3.4', '5.6.7.8', 'constructor', 1, 2)).toBeUndefined()
  })

  it('is the same in both directions, and another for another port', () => {
    const port = fc.integer({ min: 0, max: 65_534 })
    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(fc.ipV4(), fc.ipV4()), fc.tuple(fc.ipV6(), fc.ipV6())),
        fc.constantFrom('tcp', 'udp', 'sctp'),
        port,
        port,
        ([a, b], protocol, from, to) => {
          const id = communityId(a, b, protocol, from, to)
          expect(id).toMatch(/^1:.{28}$/)
          expect(communityId(b, a, protocol, to, from)).toBe(id)
          if (from !== to + 1) expect(communityId(a, b, protocol, from, to + 1)).not.toBe(id)
        },
      ),
    )
  })
})
