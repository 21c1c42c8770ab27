/** Wireshark's field types in the order of its enumeration (epan/ftypes/ftypes.h of 4.4), as the dissectors number them. */
const FIELD_TYPES = (
  'NONE PROTOCOL BOOLEAN CHAR UINT8 UINT16 UINT24 UINT32 UINT40 UINT48 UINT56 UINT64 INT8 INT16 INT24 INT32 INT40 INT48 INT56 INT64 ' +
  'IEEE_11073_SFLOAT IEEE_11073_FLOAT FLOAT DOUBLE ABSOLUTE_TIME RELATIVE_TIME STRING STRINGZ UINT_STRING ETHER BYTES UINT_BYTES ' +
  'IPv4 IPv6 IPXNET FRAMENUM GUID OID EUI64 AX25 VINES REL_OID SYSTEM_ID STRINGZPAD FCWWN STRINGZTRUNC'
).split(' ')

/** '' where it is none of them: fields that are registered late have none yet. */
export const fieldType = (number: number): string => (FIELD_TYPES[number] === undefined ? '' : `FT_${FIELD_TYPES[number]}`)
