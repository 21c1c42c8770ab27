/** Thrown by decoders where stored bytes are not what was written. Readers turn it into a partition set aside. */
export class DamageError extends Error {
  override readonly name = 'DamageError'
}
/** Thrown where a block was merged away long after a search began: the search must begin again. */
export class GoneError extends Error {
  override readonly name = 'GoneError'
}
