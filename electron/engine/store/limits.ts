/** Sizes the store is built on. All are bounds as well: nothing a record says can make a block larger. */

/** Most events of one block: small enough that the few rows a search wants from each block cost little, large enough that there are not too many blocks to ask. */
export const BLOCK_ROWS = 4096
/** A block is full, whatever its rows, when its raw records reach this. */
export const BLOCK_RAW_BYTES = 16 << 20
/** … or the distinct text of its columns this many UTF-16 units. */
export const BLOCK_TEXT_UNITS = 16 << 20
/** Most records of one raw chunk, and the bytes after which a chunk is closed earlier. */
export const RAW_ROWS = 512
export const RAW_CHUNK_BYTES = 1 << 20
/** Most values of one list that reach a column (the encoding counts them in a byte). */
export const LIST_VALUES = 255

/** Sequence numbers of one partition: ids are `day × SEQUENCES + sequence`. */
export const SEQUENCES = 2 ** 36
