import { useEffect, useState } from 'react'

/** What is counted waits for the first rows, but no longer than a quarter of a second: rows are what a person looks for. */
export function useSettled(run: object | null, read: boolean): boolean {
  const [waited, setWaited] = useState<object | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setWaited(run), 250)
    return () => clearTimeout(timer)
  }, [run])
  return read || waited === run
}
