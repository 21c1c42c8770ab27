/** Progress is told as fast as the client takes it: what comes meanwhile is replaced by what comes later. */
export function latest<T>(emit: (value: T) => Promise<void>): (value: T) => void {
  let waiting: { readonly value: T } | null = null
  let busy = false
  const send = async (value: T): Promise<void> => {
    busy = true
    await emit(value)
    while (waiting) {
      const next = waiting
      waiting = null
      await emit(next.value)
    }
    busy = false
  }
  return (value) => {
    if (busy) waiting = { value }
    // A client that is gone ends the job by its signal.
    else send(value).catch(() => undefined)
  }
}
