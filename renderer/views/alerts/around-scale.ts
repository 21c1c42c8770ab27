/** The time axis of the picture around an alert. */

/** Minutes on either side of the alert that can be chosen. */
export const ZOOMS = [1, 2, 5, 10, 20, 60, 240, 1440] as const

/** The next zoom: `1` further in, `-1` further out; stays at the ends. */
export function zoomed(minutes: number, step: 1 | -1): number {
  const at = ZOOMS.findIndex((zoom) => zoom >= minutes)
  return ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, (at < 0 ? ZOOMS.length - 1 : at) - step))] ?? minutes
}

const STEPS = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200].map((seconds) => seconds * 1000)

/** Round times (milliseconds) between two, at most `most` of them. */
export function roundTimes(from: number, to: number, most = 5): readonly number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? 86_400_000
  const times: number[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) times.push(at)
  return times
}
