import type { Flow } from '../../../shared/model/capture.ts'
import { defineCommand, out } from './define.ts'
import { CAPTURE_OPTIONS, withCaptures } from './open-captures.ts'

export default defineCommand({
  name: 'flows',
  usage: '<capture>... [--json]',
  summary:
    'The flows of captures in order of their first packets, a line each: ends, bytes, packets, times, state, Community ID.',
  options: { json: { type: 'boolean', doc: 'flows as JSON lines' }, ...CAPTURE_OPTIONS },
  run(input) {
    const json = input.flag('json')
    return withCaptures(input, undefined, async ({ capture }) => {
      for (let number = 0; number < capture.index.flows.length; number++) {
        if (input.signal.aborted) return 1
        const flow = capture.flow(number)
        if (flow !== null) await out(json ? JSON.stringify(flow) : lineOf(flow))
      }
      return 0
    })
  },
})

const endText = ({ ip, port }: Flow['client']): string => (port === null ? ip : `${ip.includes(':') ? `[${ip}]` : ip}:${port}`)

function lineOf({ flow, transport, client, server, app, state, first, duration, communityId, firstData }: Flow): string {
  const packets = client.packets + server.packets
  const bytes = client.bytes + server.bytes
  return `${flow} ${first ?? '-'} ${transport} ${endText(client)} → ${endText(server)} ${app === '' ? '-' : app} ${state} ${packets} packets ${bytes} bytes ${duration.toFixed(3)} s ${communityId} ${firstData}`.trimEnd()
}
