/** The next eight in the morning on this machine's clock (milliseconds). */
export function nextMorning(now: number): number {
  const morning = new Date(now)
  morning.setHours(8, 0, 0, 0)
  if (morning.getTime() <= now) morning.setDate(morning.getDate() + 1)
  return morning.getTime()
}
