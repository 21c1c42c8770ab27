import { expect, it } from 'vitest'
import { signsOf } from './signs.ts'

it('a packet of several alerts has the sign of the gravest, whatever their order', () => {
  const low = { packet: 7, severity: 'low' as const, title: 'a' }
  const critical = { packet: 7, severity: 'critical' as const, title: 'b' }
  const none = { packet: null, severity: 'high' as const, title: 'c' }
  for (const alerts of [
    [low, critical, none],
    [critical, none, low],
  ]) {
    const signs = signsOf(alerts)
    expect(signs.size).toBe(1)
    expect(signs.get(7)).toEqual({ severity: 'critical', title: 'b' })
  }
})
