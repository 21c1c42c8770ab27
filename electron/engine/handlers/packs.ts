/** Rule packs (contract area `packs`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { packContract } from '../../../shared/pack-contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Packs } from '../sigma/packs/packs.ts'

export function packHandlers(packs: Packs): Pick<HandlersOf<WatchfloorContract>, keyof typeof packContract> {
  return {
    async 'packs.list'() {
      return ok({ packs: await packs.list() })
    },
    async 'packs.read'({ path }, { signal }) {
      return packs.read(path, signal)
    },
    async 'packs.import'({ path, sha256 }, { caller }) {
      const done = await packs.import(path, sha256, caller.name)
      return done.ok ? ok({ id: done.value }) : done
    },
    async 'packs.remove'({ id }) {
      const done = await packs.remove(id)
      return done.ok ? ok({}) : done
    },
    async 'packs.export'({ path, ...asked }, { caller }) {
      return packs.export(path, asked, caller.name)
    },
  }
}
