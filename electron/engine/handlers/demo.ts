/** The demonstration (contract area `demo`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { DemoService } from '../demo/demo-service.ts'

export function demoHandlers(demo: DemoService): Pick<HandlersOf<WatchfloorContract>, 'demo.start'> {
  return {
    async 'demo.start'({ seed, speed }) {
      const started = await demo.start({ seed, speed })
      return started.ok ? ok({}) : started
    },
  }
}
