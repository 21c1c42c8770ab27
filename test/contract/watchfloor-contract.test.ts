/** What must hold for every method of the real contract, whatever its handler does. */
import { afterAll, describe, expect, it } from 'vitest'
import { contract, type WatchfloorContract } from '../../shared/contract.ts'
import { fail, type Result, type WatchfloorError } from '../../shared/model/result.ts'
import { contractHash } from '../../shared/rpc/contract-hash.ts'
import {
  type Caller,
  type ClientOf,
  type Contract,
  type HandlersOf,
  type Method,
  PERMISSIONS,
  type Permission,
} from '../../shared/rpc/kinds.ts'
import { connectInMemory } from '../../electron/engine/hosts/in-memory.ts'

const names = Object.keys(contract) as (keyof WatchfloorContract)[]
const methods: Contract = contract

/** Handlers that only tell that they were reached: with an error no method gives by itself. */
const reached: WatchfloorError = { code: 'data_newer', message: 'reached' }
const handlers = Object.fromEntries(
  names.map((name) => [name, () => Promise.resolve(fail(reached))]),
) as unknown as HandlersOf<WatchfloorContract>

const callerWith = (permissions: Iterable<Permission>): Caller => ({
  id: 'test',
  name: 'Test',
  permissions: new Set(permissions),
})
const quiet = { log: () => {} }
const all = connectInMemory({ handlers }, { ...quiet, caller: callerWith(PERMISSIONS) })
const none = connectInMemory({ handlers }, { ...quiet, caller: callerWith([]) })
afterAll(() => {
  all.close()
  none.close()
})

function call(client: ClientOf<WatchfloorContract>, name: string, input: unknown): Promise<Result<unknown>> {
  // The names and kinds come from the contract itself; the inputs are wrong on purpose.
  const any = client as unknown as {
    query(name: string, input: unknown): Promise<Result<unknown>>
    command(name: string, input: unknown): Promise<Result<unknown>>
    job(name: string, input: unknown): { done: Promise<Result<unknown>> }
    stream(name: string, input: unknown, listener: { next(): void; end(result: Result<unknown>): void }): unknown
  }
  const { kind } = methods[name] as Method
  if (kind === 'stream') return new Promise((resolve) => any.stream(name, input, { next: () => {}, end: resolve }))
  return kind === 'job' ? any.job(name, input).done : any[kind](name, input)
}
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code)

describe('the contract', () => {
  it('has methods of every kind, and a hash that tells another shape apart', () => {
    expect(new Set(names.map((name) => contract[name].kind))).toEqual(new Set(['query', 'command', 'stream', 'job']))
    const { 'engine.status': _, ...less } = contract
    const stricter = { ...contract, 'engine.status': { ...contract['engine.status'], permission: 'settings.manage' as const } }
    const wider = { ...contract, 'views.remove': { ...contract['views.remove'], input: contract['rules.removeFolder'].input } }
    const hashes = [contract, less, stricter, wider].map((each: Contract) => contractHash(each))
    expect(new Set(hashes).size).toBe(4)
    expect(contractHash({ ...contract })).toBe(contractHash(contract))
  })

  it.each(names)('%s declares a permission, and a caller without it is refused', async (name) => {
    const { permission } = contract[name]
    expect(PERMISSIONS).toContain(permission)
    const others = connectInMemory(
      { handlers },
      { ...quiet, caller: callerWith(PERMISSIONS.filter((each) => each !== permission)) },
    )
    for (const client of [none, others]) {
      expect(await call(client, name, {})).toMatchObject({ ok: false, error: { code: 'forbidden', permission } })
    }
    others.close()
  })

  it.each(names)('%s refuses garbage before its handler sees it', async (name) => {
    for (const garbage of [null, 42, 'text', true, [], [[1]]])
      expect(codeOf(await call(all, name, garbage))).toBe('invalid_input')
    // Every field a method knows, each with values of no sensible shape.
    const shape = (contract[name].input as { shape?: Record<string, unknown> }).shape ?? {}
    for (const field of Object.keys(shape)) {
      const accepted = (
        await Promise.all([{ from: {}, type: [] }, -1e300, [[[]]]].map((value) => call(all, name, { [field]: value })))
      ).filter((result) => codeOf(result) !== 'invalid_input')
      expect(accepted, field).toEqual([])
    }
  })

  it('lets a fitting input through to the handler', async () => {
    expect(codeOf(await call(all, 'engine.status', {}))).toBe('data_newer')
    expect(codeOf(await call(all, 'alerts.watch', {}))).toBe('data_newer')
    expect(codeOf(await call(all, 'alerts.decide', { ids: [], verdict: 'false_positive' }))).toBe('invalid_input')
    expect(codeOf(await call(all, 'events.count', { where: '*', window: {} }))).toBe('data_newer')
  })
})
