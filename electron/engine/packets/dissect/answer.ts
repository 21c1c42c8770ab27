/** Answers questions with the dissectors, in the process that runs them. */
import { fail, ok } from '../../../../shared/model/result.ts'
import type { PacketDetail, TreeNode } from '../../../../shared/model/capture.ts'
import { treeOf } from './detail-tree.ts'
import { fieldType } from './field-types.ts'
import { toReal } from './real-numbers.ts'
import type { Answer, Dissected, FollowKind, FoundObject, KnownField, Moment, Question } from './requests.ts'
import type { Session } from './session.ts'
import { countedField } from './slice.ts'
import { items, type DissectSession, type WiregasmLib } from './wiregasm.ts'

/** Bytes of reassembled and decrypted data that go with a tree; of a followed stream; of objects. */
const MOST_SOURCES = 8 << 20
const MOST_FOLLOWED = 64 << 20
const MOST_OBJECTS = 128 << 20
const MOST_FIELDS = 20
const FOLLOW_NAME = { tcp: 'TCP', udp: 'UDP', http: 'HTTP', tls: 'TLS' } as const satisfies Record<FollowKind, string>

type Of<K extends Question['kind']> = Extract<Question, { kind: K }>

export function answer(lib: WiregasmLib, session: Session, question: Question): Dissected<unknown> {
  switch (question.kind) {
    case 'tree':
      return tree(session, question)
    case 'filter':
      return filter(lib, session, question)
    case 'fields':
      return fields(lib, session, question)
    case 'follow':
      return follow(session, question)
    case 'objects':
      return objects(lib, session, question)
    case 'check':
      return ok(check(lib, question.filter))
    case 'fieldsLike':
      return ok(fieldsLike(lib, question))
    default:
      return fail({ reason: 'refused', message: 'no such question' })
  }
}

function tree(session: Session, { slice, target, context }: Of<'tree'>): Dissected<Answer<'tree'>> {
  const opened = session.open(slice)
  if (!opened.ok) return opened
  const index = session.inSlice(target)
  if (!index.ok) return index
  const frame = opened.value.getFrame(index.value)
  frame.comments.delete()
  for (const names of items(frame.follow)) names.delete()
  if (frame.number !== index.value) {
    frame.tree.delete()
    frame.data_sources.delete()
    return fail({ reason: 'refused', message: `packet ${target} is not in the slice` })
  }
  const raw = treeOf(frame.tree)
  let left = MOST_SOURCES
  const sources = items(frame.data_sources).map(({ name, data }) => {
    // Base64 in whole groups of four.
    const bytes = data.slice(0, 4 * Math.floor(left / 3))
    left = Math.max(0, left - (bytes.length / 4) * 3)
    return { name, bytes }
  })
  return ok({
    number: target,
    by: 'full',
    note: '',
    tree: toReal(raw, { ...context, number: target, time: context.timeless === true ? null : timeIn(raw), real: session.real }),
    sources,
  } satisfies PacketDetail)
}

/** The time of a packet stands in its tree. One without a time is given as of 1970, and its line says what is not so. */
function timeIn(nodes: readonly TreeNode[]): Moment | null {
  const line = nodes.find(({ field }) => field === 'frame')?.children.find(({ field }) => field === 'frame.time_epoch')
  const [, seconds, nanos] = /(-?\d+)\.(\d{9})/.exec(line?.filter ?? '') ?? []
  if (seconds === undefined || nanos === undefined) return null
  return { seconds: Number(seconds), nanos: Number(nanos) }
}

function filter(lib: WiregasmLib, session: Session, { slice, filter }: Of<'filter'>): Dissected<Float64Array> {
  const checked = check(lib, filter)
  if (!checked.valid) return fail({ reason: 'refused', message: checked.message })
  const opened = session.open(slice)
  if (!opened.ok) return opened
  const counted = session.isWhole ? undefined : countedField(filter)
  if (counted !== undefined)
    return fail({ reason: 'refused', message: `${counted} would be counted from the packets that the dissectors were given` })
  const { frames } = opened.value.getFrames(filter, 0, 0)
  const matched = new Float64Array(frames.size())
  let count = 0
  for (let i = 0; i < matched.length; i++) {
    const frame = frames.get(i)
    frame.columns.delete()
    const real = session.real(frame.number)
    if (real !== null) matched[count++] = real
  }
  frames.delete()
  return ok(matched.subarray(0, count))
}

function fields(lib: WiregasmLib, session: Session, { slice, names }: Of<'fields'>): Dissected<Answer<'fields'>> {
  if (names.length === 0 || names.length > MOST_FIELDS)
    return fail({ reason: 'refused', message: `1 to ${MOST_FIELDS} fields can be asked for` })
  for (const name of names)
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || !lib.checkFilter(name).ok)
      return fail({ reason: 'refused', message: `there is no field ${name}` })
  const opened = session.open(slice, names)
  if (!opened.ok) return opened
  const frames = items(opened.value.getFrames('', 0, 0).frames)
  return ok(frames.map(({ number, columns }) => ({ packet: session.real(number) ?? 0, values: items(columns) })))
}

function follow(session: Session, { slice, as, target }: Of<'follow'>): Dissected<Answer<'follow'>> {
  const opened = session.open(slice)
  if (!opened.ok) return opened
  const index = session.inSlice(target)
  if (!index.ok) return index
  const transport = as === 'udp' ? 'UDP' : 'TCP'
  const stream = followable(opened.value, index.value).get(transport)
  if (stream === undefined) return fail({ reason: 'refused', message: `packet ${target} has no ${transport} stream` })
  const raw = opened.value.follow(FOLLOW_NAME[as], stream)
  const pieces: { direction: 0 | 1; packet: number; bytes: Uint8Array }[] = []
  let left = MOST_FOLLOWED
  let truncated = false
  for (const { number, server, data } of items(raw.payloads)) {
    const bytes = Buffer.from(data, 'base64')
    const packet = session.real(number)
    left -= bytes.length
    if (left < 0) truncated = true
    else if (packet !== null) pieces.push({ direction: server === 0 ? 0 : 1, packet, bytes })
  }
  return ok({
    client: { ip: raw.chost, port: Number(raw.cport) },
    server: { ip: raw.shost, port: Number(raw.sport) },
    pieces,
    truncated,
  })
}

/** What can be followed from a packet: kind and filter of its stream. Of several, in a tunnel, the last is the innermost. */
function followable(session: DissectSession, index: number): Map<string, string> {
  const frame = session.getFrame(index)
  frame.comments.delete()
  frame.data_sources.delete()
  frame.tree.delete()
  return new Map(
    items(frame.follow).map((names): [string, string] => {
      const [kind = '', stream = ''] = items(names)
      return [kind, stream]
    }),
  )
}

function objects(lib: WiregasmLib, session: Session, { slice, what }: Of<'objects'>): Dissected<Answer<'objects'>> {
  const opened = session.open(slice)
  if (!opened.ok) return opened
  const input = new lib.MapInput()
  input.set('tap0', `eo:${what}`)
  const { error, taps } = opened.value.tap(input)
  input.delete()
  const tapped = items(taps)
  if (error !== '') return fail({ reason: 'failed', message: error })
  const found: FoundObject[] = []
  let left = MOST_OBJECTS
  let truncated = false
  for (const tap of tapped) {
    for (const { pkt, hostname, type, filename, _download, len } of tap.objects === undefined ? [] : items(tap.objects)) {
      left -= len
      if (left < 0) truncated = true
      else
        found.push({
          kind: what,
          packet: session.real(pkt) ?? 0,
          host: hostname,
          name: filename,
          type,
          bytes: Buffer.from(opened.value.download(_download).download.data, 'base64'),
        })
    }
    tap.delete()
  }
  return ok({ objects: found, truncated })
}

function check(lib: WiregasmLib, filter: string): Answer<'check'> {
  if (filter.includes('\0')) return { valid: false, message: 'a filter has no zero characters' }
  // They would match nothing: columns are not filled in while the dissectors filter.
  if (/\b_ws\.col\b/.test(filter)) return { valid: false, message: 'the dissectors cannot filter by columns' }
  const { ok: valid, error } = lib.checkFilter(filter)
  return valid ? { valid } : { valid, message: error }
}

function fieldsLike(lib: WiregasmLib, { prefix, limit }: Of<'fieldsLike'>): KnownField[] {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(prefix)) return []
  return items(lib.completeFilter(prefix).fields, limit).map(({ field, type, name }) => ({
    name: field,
    type: fieldType(type),
    title: name,
  }))
}
