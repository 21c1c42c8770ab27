import { describe, expect, it } from 'vitest'
import type { TreeNode } from '../../../../shared/model/capture.ts'
import { difference, toReal, type Target } from './real-numbers.ts'

const node = (label: string, filter: string, children: TreeNode[] = [], packet: number | null = null): TreeNode => ({
  label,
  field: /^[\w.]+/.exec(filter)?.[0] ?? '',
  filter,
  from: 0,
  length: 0,
  source: 0,
  packet,
  children,
})
/** The slice is packets 1001, 1002, 1003 … of the capture. */
const target: Target = {
  number: 1004,
  time: { seconds: 1_800_000_000, nanos: 250_000_000 },
  real: (number) => (number >= 1 && number <= 9 ? 1000 + number : null),
}
const labels = (nodes: readonly TreeNode[]): string[] => nodes.flatMap(({ label, children }) => [label, ...labels(children)])

describe('a tree of a slice', () => {
  it('names packets by their numbers in the capture', () => {
    const tree = toReal(
      [
        node('Frame 4: 60 bytes on wire (480 bits), 60 bytes captured (480 bits) on interface unknown, id 0', 'frame', [
          node('Interface id: 0 (unknown)', 'frame.interface_id == 0'),
          node('Frame Number: 4', 'frame.number == 4'),
          node('Frame Length: 60 bytes (480 bits)', 'frame.len == 60'),
        ]),
        node('3 Reassembled TCP Segments (44 bytes): #1(17), #3(4), #4(23)', 'tcp.segments', [
          node('Frame: 1, payload: 0-16 (17 bytes)', 'tcp.segment == 1', [], 1),
          node('Frame: 3, payload: 17-20 (4 bytes)', 'tcp.segment == 3', [], 3),
          node('Frame: 4, payload: 21-43 (23 bytes)', 'tcp.segment == 4', [], 4),
          node('Segment count: 3', 'tcp.segment.count == 3'),
        ]),
        node('Request in frame: 2', 'http.request_in == 2', [], 2),
        node('Expert Info (Warning/Sequence): No response seen to ICMPv6 request in frame 4', '_ws.expert'),
        node('Stream setup by SDP (frame 1)', 'rtp.setup', [node('Setup frame: 1', 'rtp.setup-frame == 1', [], 1)]),
      ],
      target,
    )
    expect(labels(tree)).toEqual([
      'Frame 1004: 60 bytes on wire (480 bits), 60 bytes captured (480 bits)',
      'Frame Number: 1004',
      'Frame Length: 60 bytes (480 bits)',
      '3 Reassembled TCP Segments (44 bytes): #1001(17), #1003(4), #1004(23)',
      'Frame: 1001, payload: 0-16 (17 bytes)',
      'Frame: 1003, payload: 17-20 (4 bytes)',
      'Frame: 1004, payload: 21-43 (23 bytes)',
      'Segment count: 3',
      'Request in frame: 1002',
      'Expert Info (Warning/Sequence): No response seen to ICMPv6 request in frame 1004',
      'Stream setup by SDP (frame 1001)',
      'Setup frame: 1001',
    ])
    expect(tree[0]?.children[0]?.filter).toBe('frame.number == 1004')
    expect(tree[1]?.children.map(({ packet, filter }) => [packet, filter])).toEqual([
      [1001, 'tcp.segment == 1001'],
      [1003, 'tcp.segment == 1003'],
      [1004, 'tcp.segment == 1004'],
      [null, 'tcp.segment.count == 3'],
    ])
  })

  it('leaves alone what a packet says, whatever it looks like', () => {
    const said = [
      node('Request URI: /frame: 2', 'http.request.uri == "/frame: 2"'),
      node('Host: #3(17)', 'http.host == "#3(17)"', [node('Frame 4', 'http.x == "Frame 4"')]),
      node('Duplicate ACK (#1)', 'tcp.analysis.duplicate_ack_num == 1'),
    ]
    expect(toReal(said, target)).toEqual(said)
  })

  it('does not name a packet that is not in the slice', () => {
    expect(
      toReal([node('Response in frame: 77', 'http.response_in == 77', [], 77), node('Next: 0', 'x.y == 0', [], 0)], target),
    ).toEqual([])
  })

  it('says streams and times as they are in the capture', () => {
    const lines = [
      node('Frame 4: 60 bytes', 'frame', [
        node('Time delta from previous captured frame: 0.000001000 seconds', 'frame.time_delta == 0.000001000'),
        node('Time delta from previous displayed frame: 0.000001000 seconds', 'frame.time_delta_displayed == 0.000001000'),
        node('Time since reference or first frame: 0.000002000 seconds', 'frame.time_relative == 0.000002000'),
      ]),
      node('User Datagram Protocol', 'udp', [node('Stream index: 0', 'udp.stream == 0')]),
      node('Transmission Control Protocol', 'tcp', [
        node('Stream index: 0', 'tcp.stream == 0'),
        node('Stream Packet Number: 2', 'tcp.stream.pnum == 2'),
      ]),
      node('Transmission Control Protocol', 'tcp', [node('Stream index: 1', 'tcp.stream == 1')]),
    ]
    expect(labels(toReal(lines, target))).toEqual([
      'Frame 1004: 60 bytes',
      'User Datagram Protocol',
      'Transmission Control Protocol',
      'Transmission Control Protocol',
    ])
    const known = toReal(lines, {
      ...target,
      wholeFlow: true,
      tcpStream: 812,
      first: { seconds: 1_799_999_990, nanos: 500_000_001 },
      previous: { seconds: 1_800_000_000, nanos: 250_000_500 },
    })
    expect(labels(known)).toEqual([
      'Frame 1004: 60 bytes',
      'Time delta from previous captured frame: -0.000000500 seconds',
      'Time since reference or first frame: 9.749999999 seconds',
      'User Datagram Protocol',
      'Transmission Control Protocol',
      'Stream Packet Number: 2',
      // The innermost one is the flow's.
      'Transmission Control Protocol',
      'Stream index: 812',
    ])
    expect(known[3]?.children[0]?.filter).toBe('tcp.stream == 812')
  })

  it('has no times where the packet has none', () => {
    const lines = [node('Frame 4: 60 bytes', 'frame', [node('Arrival Time: Jan  1, 1970', 'frame.time == "1970-01-01"')])]
    expect(labels(toReal(lines, { ...target, time: null }))).toEqual(['Frame 1004: 60 bytes'])
  })
})

it('times are subtracted exactly', () => {
  expect(difference({ seconds: 2, nanos: 0 }, { seconds: 1, nanos: 999_999_999 })).toBe('0.000000001')
  expect(difference({ seconds: 1, nanos: 0 }, { seconds: 4_000_000_000, nanos: 1 })).toBe('-3999999999.000000001')
})
