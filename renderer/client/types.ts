/** Names and shapes of the contract's methods, for hooks that take a method by its name. */
import type { z } from 'zod'
import type { WatchfloorContract } from '../../shared/contract.ts'
import type { ClientOf, In, Method, Out } from '../../shared/rpc/kinds.ts'

export type WatchfloorClient = ClientOf<WatchfloorContract>
type NamesOf<K extends Method['kind']> = {
  [N in keyof WatchfloorContract]: WatchfloorContract[N]['kind'] extends K ? N : never
}[keyof WatchfloorContract]
export type QueryName = NamesOf<'query'>
export type CommandName = NamesOf<'command'>
export type StreamName = NamesOf<'stream'>
export type JobName = NamesOf<'job'>

/** What a caller writes: fields with a default may be left out. */
export type InputOf<N extends keyof WatchfloorContract> = In<WatchfloorContract[N]>
export type OutputOf<N extends QueryName | CommandName | JobName> = Out<WatchfloorContract[N]>
export type ValueOf<N extends StreamName> = z.output<WatchfloorContract[N]['next']>
export type ProgressOf<N extends JobName> = z.output<WatchfloorContract[N]['progress']>
