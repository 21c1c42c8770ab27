/** Tests of addresses, ports and streams: one verdict for each direction of each flow, looked up for its packets. */
import { WORDS } from '../flows/flow-record.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { SIGN } from '../index/columns.ts'
import type { Test } from './checked.ts'
import type { Columnar } from './columnar.ts'
import { compileFilter, MAYBE, NO, YES } from './evaluate.ts'
import type { FieldUse } from './fields.ts'
import { flowTest } from './flow-test.ts'
import { FlowValues, ofFlow } from './flow-values.ts'
import { BROKEN, type IndexValues } from './index-values.ts'
import { ABSENT, OWN, QUOTED } from './transport-of-stack.ts'
import { usesOf } from './uses.ts'

/**
 * The fields of a combination of tests that one table of flows answers: all of one protocol, so that without it none holds. Null
 * where it is anything else.
 */
export function flowUses(test: Test): readonly FieldUse[] | null {
  if (test.kind === 'xor' || test.kind === 'not') return null
  if (test.kind === 'and' || test.kind === 'or') {
    const [left, right] = [flowUses(test.left), flowUses(test.right)]
    return left !== null && right !== null && left[0]!.field.protocol === right[0]!.field.protocol ? [...left, ...right] : null
  }
  const uses = usesOf(test)
  const [first] = uses
  return first !== undefined &&
    uses.every(
      ({ field, layers, raw }) => layers === null && !raw && ofFlow(field.name) && field.protocol === first.field.protocol,
    )
    ? uses
    : null
}

/** The test of fields that flows have; all of the protocols must be there. */
export function flowColumns(index: CaptureIndex, values: IndexValues, test: Test, uses: readonly FieldUse[]): Columnar {
  const protocols = [...new Set(uses.map(({ field }) => field.protocol!))]
  const [protocol] = protocols
  const verdicts = flowVerdicts(index, test)
  if (protocols.length === 1 && (protocol === 'tcp' || protocol === 'udp'))
    return ofTransport(index, values, protocol, uses, verdicts)
  return ofNetworks(index, values, protocols, widening(test), verdicts)
}

/** Fields that are the same whichever way a packet goes. */
const UNDIRECTED: ReadonlySet<string> = new Set(['tcp.port', 'udp.port', 'tcp.stream', 'udp.stream'])

function ofTransport(
  { columns }: CaptureIndex,
  values: IndexValues,
  protocol: 'tcp' | 'udp',
  uses: readonly FieldUse[],
  verdicts: () => Uint8Array,
): Columnar {
  const undirected = uses.every(({ field }) => UNDIRECTED.has(field.name))
  const streams = uses.every(({ field }) => field.name === `${protocol}.stream`)
  return (chunk, length, out) => {
    const found = verdicts()
    const kinds = values.transport(protocol)
    const flow = columns.column(chunk, 'flow')
    const signs = columns.column(chunk, 'signs')
    const stack = columns.column(chunk, 'stack')
    const quoted = undirected ? columns.column(chunk, 'ack') : null
    for (let i = 0; i < length; i++) {
      const kind = kinds[stack[i]!]!
      const bits = signs[i]!
      if (kind === ABSENT) out[i] = NO
      else if (kind === OWN) out[i] = (bits & BROKEN) !== 0 ? MAYBE : found[2 * flow[i]! + (bits >>> 31)]!
      else if (kind === QUOTED && quoted !== null && quoted[i] !== 0) out[i] = found[2 * quoted[i]!]!
      // What quotes a flow that was not seen has no stream.
      else out[i] = kind === QUOTED && streams ? NO : MAYBE
    }
  }
}

function ofNetworks(
  { columns }: CaptureIndex,
  values: IndexValues,
  protocols: readonly string[],
  { more, alone }: { readonly more: boolean; readonly alone: boolean },
  verdicts: () => Uint8Array,
): Columnar {
  return (chunk, length, out) => {
    const found = verdicts()
    const flow = columns.column(chunk, 'flow')
    const signs = columns.column(chunk, 'signs')
    const stack = columns.column(chunk, 'stack')
    const ack = columns.column(chunk, 'ack')
    // Without one of the protocols there is nothing to compare, whatever is known of the others.
    const there = values.there(protocols)
    const quoting = values.quoting
    for (let i = 0; i < length; i++) {
      const bits = signs[i]!
      if (there[stack[i]!] === 0) {
        out[i] = NO
        continue
      }
      const verdict = found[2 * flow[i]! + (bits >>> 31)]!
      if ((bits & BROKEN) !== 0) out[i] = MAYBE
      else if ((bits & SIGN.tunnelled) === 0) out[i] = verdict
      // Further headers have further addresses: where one is enough, and was found, it stays found.
      else if (more && verdict === YES) out[i] = YES
      else if (alone && verdict === NO && ack[i] !== 0 && quoting[stack[i]!] === 1) out[i] = found[2 * ack[i]!]!
      else out[i] = MAYBE
    }
  }
}

/**
 * `more`: a test that holds of some addresses holds of more of them. `alone`: it asks for one address of any kind, whichever way
 * the packet goes, so that headers can be asked one after the other.
 */
function widening(test: Test): { readonly more: boolean; readonly alone: boolean } {
  if (test.kind === 'and' || test.kind === 'or')
    return { more: widening(test.left).more && widening(test.right).more, alone: false }
  if ((test.kind !== 'compare' && test.kind !== 'in') || test.quantifier !== 'any' || test.left.kind !== 'field')
    return { more: false, alone: false }
  const constant =
    test.kind === 'compare'
      ? test.right.kind === 'constant'
      : test.items.every(({ low, high }) => low.kind === 'constant' && (high === null || high.kind === 'constant'))
  const { name } = test.left.use.field
  return { more: constant, alone: constant && (name === 'ip.addr' || name === 'ipv6.addr') }
}

/** By 2 × (flow + 1) + direction; made when it is first needed. */
function flowVerdicts({ flows }: CaptureIndex, test: Test): () => Uint8Array {
  let table: Uint8Array | null = null
  const made = (): Uint8Array => {
    const found = new Uint8Array(2 * flows.length + 2)
    // Packets of no flow, though they have the protocol, are read.
    found[0] = found[1] = MAYBE
    const plain = flowTest(test)
    const predicate = compileFilter(test)
    const values = new FlowValues()
    for (const { page, first, count } of flows.pages()) {
      const words = (values.words = page.words)
      for (let i = 0; i < count; i++) {
        const at = (values.at = i * WORDS)
        for (const direction of [0, 1] as const) {
          const fromServer = (values.fromServer = direction === 1)
          found[2 * (first + i + 1) + direction] = plain === null ? predicate(values) : plain(words, at, fromServer) ? YES : NO
        }
      }
    }
    return found
  }
  return () => (table ??= made())
}
