/**
 * Wireshark's dissectors as WebAssembly (https://github.com/good-tools/wiregasm): what of them is used, typed here because the package's
 * own declarations lack that its lists must be deleted. Only in a process of its own: they can hang, and take any memory.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A list that lies in the dissectors' memory until it is deleted. What `get` gives may hold further ones. */
export interface Vector<T> {
  size(): number
  get(index: number): T
  delete(): void
}
export interface RawNode {
  readonly label: string
  /** An expression that selects packets with this value. */
  readonly filter: string
  readonly start: number
  readonly length: number
  readonly data_source_idx: number
  readonly type: string
  /** Meant where the type is `framenum`. */
  readonly fnum: number
  readonly tree: Vector<RawNode>
}
export interface RawFrame {
  readonly number: number
  readonly comments: Vector<string>
  /** Base64. */
  readonly data_sources: Vector<{ readonly name: string; readonly data: string }>
  readonly tree: Vector<RawNode>
  /** What can be followed, with the filter of its stream. */
  readonly follow: Vector<Vector<string>>
}
export interface RawFrames {
  readonly matched: number
  readonly frames: Vector<{ readonly number: number; readonly columns: Vector<string> }>
}
export interface RawFollow {
  readonly shost: string
  readonly sport: string
  readonly chost: string
  readonly cport: string
  readonly payloads: Vector<{ readonly number: number; readonly server: number; readonly data: string }>
}
export interface RawTaps {
  readonly error: string
  readonly taps: Vector<{ readonly objects?: Vector<RawObject>; delete(): void }>
}
export interface RawObject {
  readonly pkt: number
  readonly hostname: string
  readonly type: string
  readonly filename: string
  readonly _download: string
  readonly len: number
}
export interface DissectSession {
  load(): { readonly code: number; readonly error: string }
  getFrames(filter: string, skip: number, limit: number): RawFrames
  getFrame(number: number): RawFrame
  follow(kind: string, filter: string): RawFollow
  tap(taps: TapInput): RawTaps
  download(token: string): { readonly error: string; readonly download: { readonly data: string } }
  delete(): void
}
export interface TapInput {
  set(key: string, value: string): void
  delete(): void
}
/** A file of Emscripten's file system. */
export interface FileNode {
  usedBytes: number
  contents: Uint8Array | null
  stream_ops: FileOperations
}
export interface FileOperations {
  read(stream: { readonly node: FileNode }, into: Uint8Array, offset: number, length: number, position: number): number
}
export interface WiregasmLib {
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void
    unlink(path: string): void
    lookupPath(path: string): { readonly node: FileNode }
  }
  readonly HEAPU8: Uint8Array
  readonly DissectSession: new (path: string) => DissectSession
  readonly MapInput: new () => TapInput
  init(): boolean
  wiresharkVersion(): string
  getUploadDirectory(): string
  setPref(module: string, key: string, value: string): { readonly code: number; readonly error: string }
  applyPreferences(): void
  checkFilter(filter: string): { readonly ok: boolean; readonly error: string }
  completeFilter(filter: string): {
    readonly fields: Vector<{ readonly field: string; readonly type: number; readonly name: string }>
  }
}
type Load = (overrides: {
  wasmBinary: Uint8Array
  getPreloadedPackage(): ArrayBuffer
  print(text: string): void
  printErr(text: string): void
  handleStatus(): void
}) => Promise<WiregasmLib>

/** As this program counts and shows: no names looked up, checksums not judged, streams reassembled. */
const PREFERENCES: readonly (readonly [module: string, key: string, value: string])[] = [
  ['nameres', 'network_name', 'FALSE'],
  ['nameres', 'transport_name', 'FALSE'],
  ['nameres', 'dns_pkt_addr_resolution', 'FALSE'],
  ['nameres', 'use_external_name_resolver', 'FALSE'],
  ['ip', 'defragment', 'TRUE'],
  ['ip', 'check_checksum', 'FALSE'],
  ['tcp', 'check_checksum', 'FALSE'],
  ['tcp', 'desegment_tcp_streams', 'TRUE'],
  ['tcp', 'analyze_sequence_numbers', 'TRUE'],
  ['tcp', 'relative_sequence_numbers', 'TRUE'],
  ['udp', 'check_checksum', 'FALSE'],
]

/** Columns that are not asked for cost time in every pass; one there must be. */
const COLUMNS = '"No.","%m"'

export async function loadWiregasm(): Promise<WiregasmLib> {
  const require = createRequire(import.meta.url)
  const script = require.resolve('@goodtools/wiregasm/dist/wiregasm.js')
  const load = require(script) as Load
  const lib = await load({
    wasmBinary: readFileSync(script.replace(/js$/, 'wasm')),
    getPreloadedPackage: () => Uint8Array.from(readFileSync(script.replace(/js$/, 'data'))).buffer,
    print: () => {},
    printErr: () => {},
    handleStatus: () => {},
  })
  if (!lib.init()) throw new Error('the dissectors did not start')
  for (const [module, key, value] of PREFERENCES) lib.setPref(module, key, value)
  setColumns(lib, COLUMNS)
  return lib
}

function setColumns(lib: WiregasmLib, format: string): void {
  lib.setPref('gui', 'column.format', format)
  lib.applyPreferences()
}

const FIELD_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/** Columns of these fields, for sessions that are loaded from now on; null for none. */
export function showColumns(lib: WiregasmLib, fields: readonly string[] | null): void {
  const safe = (name: string): string => (FIELD_NAME.test(name) ? name : 'frame.number')
  setColumns(lib, fields === null ? COLUMNS : fields.map((name, i) => `"${i}","%Cus:${safe(name)}:0:R"`).join(','))
}

/** The list's items; the list is deleted. */
export function items<T>(vector: Vector<T>, most = Infinity): T[] {
  const count = Math.min(vector.size(), most)
  const all: T[] = []
  for (let i = 0; i < count; i++) all.push(vector.get(i))
  vector.delete()
  return all
}
