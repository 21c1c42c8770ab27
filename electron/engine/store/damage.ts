/** Thrown by decoders where stored bytes are not what was written. Readers turn it into a partition set aside. */
export class DamageError extends Error {
  override readonly name = 'DamageError'
}
