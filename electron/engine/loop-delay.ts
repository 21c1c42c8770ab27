/** Watches how long the engine's event loop is held up: the budget is 50 ms. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface LoopDelay {
  /** p99 of the last ten to twenty seconds, in milliseconds. */
  read(): number
  stop(): void
}

export function watchLoopDelay(): LoopDelay {
  const resolution = 5
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  let before = 0
  // The histogram measures whole intervals: what exceeds its own resolution is the delay.
  const current = (): number => (histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - resolution))
  const timer = setInterval(() => {
    before = current()
    histogram.reset()
  }, 10_000)
  timer.unref()
  return {
    read: () => Math.round(Math.max(before, current()) * 10) / 10,
    stop() {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
