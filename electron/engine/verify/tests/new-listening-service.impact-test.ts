import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { callsIn, flowsOf, targetCalled } from '../reading/flows.ts'
import { alerted, ATTACKER, conn, eveFlow, TARGET } from '../reading/made-records.ts'
import { citesOf, eventsOf } from '../reading/values.ts'

/** Above these, systems give ports to whoever asks: RPC, passive FTP, callbacks. */
const DYNAMIC = 32_768

export default defineImpactTest({
  id: 'new-listening-service',
  family: 'next',
  title: { en: 'The target answers on a new port', ko: '새 포트에서 응답' },
  reasoning: {
    en: 'A port that refused before the attack and answers after it was opened by what the attack ran.',
    ko: '공격 전에 거부하던 포트가 공격 뒤 응답하면 공격으로 실행된 프로그램이 연 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1571/',
  appliesTo: 'Attacks on a service, where flows to other TCP ports of the target were seen afterwards.',
  reads: ['own', 'flow', 'before', 'after', 'knownPorts', 'attacker', 'target', 'asset'],
  applies: (of) => of.target.ip !== null && mayFollow(of) && !targetCalled(of),
  test(of) {
    const { target, knownPorts, attacker, asset } = of
    const stated = new Set((asset?.services ?? []).map(({ port }) => port))
    const all = flowsOf(eventsOf(of.before, of.own, of.flow, of.after)).filter(
      ({ server, transport }) => server.ip === target.ip && transport === 'tcp',
    )
    for (const call of callsIn(of)) {
      const port = call.server.port
      if (call.transport !== 'tcp' || call.answered !== true || port === null || port === target.port) continue
      if (knownPorts.has(port) || stated.has(port)) continue
      const refused = all.find(({ server, answered, begin }) => server.port === port && answered === false && begin < call.begin)
      const attackers = call.client.ip === attacker.ip
      if (refused === undefined && (port >= DYNAMIC || !attackers)) continue
      if (refused !== undefined && port >= DYNAMIC && !attackers) continue
      const carried = (call.sent ?? 0) > 0 && (call.received ?? 0) > 0
      const sure = refused !== undefined && attackers && carried
      return {
        result: sure ? 'succeeded' : 'likely',
        confidence: sure ? 0.92 : refused !== undefined ? 0.65 : 0.4,
        reason: {
          en: `${target.ip} answers ${call.client.ip} on port ${port}, ${refused === undefined ? 'on which it was not seen before' : 'which it refused before'}.`,
          ko: `표적이 새 포트에서 응답합니다(${refused === undefined ? '이전 기록 없음' : '이전에는 거부'}). 포트 ${port}, 상대 ${call.client.ip}`,
        },
        cites: citesOf([...call.events, ...(refused?.events ?? [])]),
      }
    }
    return null
  },
  examples: [
    {
      name: 'a shell that waits where nothing was before',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        before: [conn(-40, { from: ATTACKER, fromPort: 41_000, to: TARGET, port: 4444, state: 'REJ' })],
        after: [conn(20, { from: ATTACKER, fromPort: 41_001, to: TARGET, port: 4444 })],
      },
      expect: 'succeeded',
    },
    {
      name: 'a port that nobody knew, without a refusal before',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [eveFlow(20, { from: ATTACKER, fromPort: 41_001, to: TARGET, port: 8081 })],
      },
      expect: 'likely',
    },
    {
      name: 'its usual services',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [
          conn(20, { from: ATTACKER, fromPort: 41_001, to: TARGET, port: 443 }),
          conn(21, { from: ATTACKER, fromPort: 41_002, to: TARGET, port: 22 }),
        ],
        knownPorts: [443],
        asset: {
          services: [
            { port: 22, transport: 'tcp', name: 'ssh', product: 'OpenSSH', version: '', row: 'services[0]', observed: false },
          ],
        },
      },
      expect: null,
    },
    {
      name: 'refused as before',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        before: [conn(-40, { from: ATTACKER, fromPort: 41_000, to: TARGET, port: 4444, state: 'REJ' })],
        after: [conn(20, { from: ATTACKER, fromPort: 41_001, to: TARGET, port: 4444, state: 'REJ' })],
      },
      expect: null,
    },
    {
      name: 'a dynamic port of RPC that a colleague uses',
      of: {
        title: 'Remote code execution',
        own: [alerted(0)],
        after: [conn(20, { from: '10.1.0.7', fromPort: 50_001, to: TARGET, port: 49_667 })],
      },
      expect: null,
    },
    {
      name: 'after a scan: what it found was there before',
      of: {
        title: 'Port scan',
        own: [alerted(0)],
        after: [conn(20, { from: ATTACKER, fromPort: 41_001, to: TARGET, port: 8081 })],
      },
      expect: null,
    },
  ],
})
