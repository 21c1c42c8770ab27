/** Times of captures: a 64-bit count of units since 1970, as two halves, exactly. */

export interface CaptureTime {
  seconds: number
  nanos: number
}

/** Units in a second: 10^n or 2^n (pcapng, if_tsresol). */
export interface Resolution {
  readonly base: 2 | 10
  readonly exponent: number
}
export const MICROSECONDS: Resolution = { base: 10, exponent: 6 }

/** Makes a function that turns counts into `into`; `shift` (if_tsoffset) is added, in seconds. */
export function timeReader(
  { base, exponent }: Resolution,
  shift: number,
): (high: number, low: number, into: CaptureTime) => void {
  const units = base ** exponent
  // Long division by 16 bits at a time is exact while a remainder times 65,536 is.
  if (units < 2 ** 37 && (base === 10 || exponent <= 23)) {
    const nanosOf =
      base === 2
        ? (rest: number): number => Math.floor((rest * 1e9) / units)
        : exponent <= 9
          ? (rest: number): number => rest * 10 ** (9 - exponent)
          : (rest: number): number => Math.floor(rest / 10 ** (exponent - 9))
    return (high, low, into) => {
      let rest = high >>> 16
      let seconds = Math.floor(rest / units)
      rest = (rest - seconds * units) * 65_536 + (high & 0xffff)
      let digit = Math.floor(rest / units)
      seconds = seconds * 65_536 + digit
      rest = (rest - digit * units) * 65_536 + (low >>> 16)
      digit = Math.floor(rest / units)
      seconds = seconds * 65_536 + digit
      rest = (rest - digit * units) * 65_536 + (low & 0xffff)
      digit = Math.floor(rest / units)
      into.seconds = seconds * 65_536 + digit + shift
      into.nanos = nanosOf(rest - digit * units)
    }
  }
  const whole = BigInt(base) ** BigInt(exponent)
  return (high, low, into) => {
    const count = (BigInt(high) << 32n) | BigInt(low)
    into.seconds = Number(count / whole) + shift
    into.nanos = Number(((count % whole) * 1_000_000_000n) / whole)
  }
}
