/** Changed captures: at the file, at the headers of records and packets, at payloads, in the order of packets. */
import { corpusCaptures, exampleCaptures, pcapFile, pcapngFile, type CapturedPacket, type SmallCapture } from './made-captures.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { Random } from './random.ts'
import { readEverything } from './read-everything.ts'

export interface CaptureCounts {
  files: number
  packets: number
  layers: number
  payload: number
  calls: number
  facts: number
  /** Packets that messages were read of; files that were left before their end. */
  withFacts: number
  stopped: number
}
export interface SlowFile {
  readonly name: string
  readonly bytes: number
  readonly ms: number
}

const MOST_PACKETS = 400
const HEADERS = 80

/** Runs `count` files; throws with the seed and the file where one goes wrong. */
export async function fuzzCaptures(
  count: number,
  seed: number,
  progress?: (counts: Readonly<CaptureCounts>, slowest: readonly SlowFile[]) => void,
): Promise<CaptureCounts> {
  const random = new Random(seed)
  const examples = exampleCaptures()
  const corpus = await corpusCaptures()
  const all = [...examples, ...corpus].flatMap(({ packets }) => packets.map(({ bytes }) => bytes))
  const counts: CaptureCounts = { files: 0, packets: 0, layers: 0, payload: 0, calls: 0, facts: 0, withFacts: 0, stopped: 0 }
  const slowest: SlowFile[] = []
  while (counts.files < count) {
    const capture = random.pick(corpus.length > 0 && random.below(3) === 0 ? corpus : examples)
    const file = changed(capture, random, all)
    const begun = performance.now()
    try {
      const { stopped, ...work } = await readEverything(file, random.below(4) === 0)
      for (const [name, value] of Object.entries(work)) counts[name as keyof typeof work] += value
      if (stopped) counts.stopped++
    } catch (error) {
      const shown = Buffer.from(file.subarray(0, 20_000)).toString('hex')
      throw new Error(`seed ${seed}, file ${counts.files}, from ${capture.name}: ${shown}`, { cause: error })
    }
    counts.files++
    if (progress === undefined) continue
    slowest.push({ name: capture.name, bytes: file.length, ms: Math.round(performance.now() - begun) })
    slowest.sort((a, b) => b.ms - a.ms)
    slowest.length = Math.min(slowest.length, 5)
    if (counts.files % 10_000 === 0) progress(counts, slowest)
  }
  return counts
}

function changed({ link, packets }: SmallCapture, random: Random, all: readonly Uint8Array[]): Uint8Array {
  const list = packets.map(({ bytes, wire }) => ({ bytes, wire }))
  for (let rounds = random.below(4); rounds > 0; rounds--) changePackets(list, random, all)
  const other = random.below(20) === 0 ? random.pick([0, 1, 9, 12, 101, 105, 113, 127, 192, 228, 229, 276]) : link
  const little = random.below(2) === 0
  const file = random.below(3) === 0 ? pcapngFile(other, list, little) : pcapFile(other, list, little, random.below(2) === 0)
  return random.below(4) === 0 ? mutateBytes(file, random, [file]) : file
}

function changePackets(list: CapturedPacket[], random: Random, all: readonly Uint8Array[]): void {
  if (list.length === 0) return
  const at = random.below(list.length)
  const packet = list[at]!
  const { bytes } = packet
  const headers = Math.min(bytes.length, random.below(HEADERS))
  switch (random.below(8)) {
    case 0:
      list.splice(at, 1)
      break
    case 1:
      if (list.length < MOST_PACKETS) list.splice(random.below(list.length + 1), 0, { ...packet })
      break
    case 2:
      list.splice(random.below(list.length), 0, ...list.splice(at, 1))
      break
    case 3:
      // As a capture with a short snap length has it.
      for (const one of list) one.bytes = one.bytes.subarray(0, Math.max(14, headers))
      break
    case 4:
      packet.bytes = joined(mutateBytes(bytes.subarray(0, headers), random, all), bytes.subarray(headers))
      packet.wire = Math.max(packet.wire, packet.bytes.length)
      break
    case 5:
      packet.wire = random.pick([0, 1, bytes.length, 65_535, 0xffff_ffff])
      break
    default:
      packet.bytes = joined(bytes.subarray(0, headers), mutateBytes(bytes.subarray(headers), random, all))
      packet.wire = packet.bytes.length
  }
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
