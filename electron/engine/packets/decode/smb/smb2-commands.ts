/** Names of SMB2's commands, file-system controls and classes of information, as in Wireshark's Info column. */
export const SMB2_COMMANDS = [
  'Negotiate Protocol',
  'Session Setup',
  'Session Logoff',
  'Tree Connect',
  'Tree Disconnect',
  'Create',
  'Close',
  'Flush',
  'Read',
  'Write',
  'Lock',
  'Ioctl',
  'Cancel',
  'KeepAlive',
  'Find',
  'Notify',
  'GetInfo',
  'SetInfo',
  'Break',
] as const

export const COMMAND = {
  negotiate: 0,
  sessionSetup: 1,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  flush: 7,
  read: 8,
  write: 9,
  ioctl: 11,
  find: 14,
  notify: 15,
  getInfo: 16,
  setInfo: 17,
} as const

export const FSCTL_PIPE_TRANSCEIVE = 0x0011c017
const CONTROLS: Readonly<Record<number, string>> = {
  0x00060194: 'FSCTL_DFS_GET_REFERRALS',
  0x000601b0: 'FSCTL_DFS_GET_REFERRALS_EX',
  0x000900a4: 'FSCTL_SET_REPARSE_POINT',
  0x000900a8: 'FSCTL_GET_REPARSE_POINT',
  0x000900c0: 'FSCTL_CREATE_OR_GET_OBJECT_ID',
  0x0011400c: 'FSCTL_PIPE_PEEK',
  0x00110018: 'FSCTL_PIPE_WAIT',
  0x0011c017: 'FSCTL_PIPE_TRANSCEIVE',
  0x00140078: 'FSCTL_SRV_REQUEST_RESUME_KEY',
  0x00144064: 'FSCTL_GET_SHADOW_COPY_DATA',
  0x001401d4: 'FSCTL_LMR_REQUEST_RESILIENCY',
  0x001401fc: 'FSCTL_QUERY_NETWORK_INTERFACE_INFO',
  0x00140204: 'FSCTL_VALIDATE_NEGOTIATE_INFO',
  0x001440f2: 'FSCTL_SRV_COPYCHUNK',
  0x001480f2: 'FSCTL_SRV_COPYCHUNK_WRITE',
}
export const controlName = (code: number): string =>
  CONTROLS[code >>> 0] ?? `Unknown (0x${(code >>> 0).toString(16).padStart(8, '0')})`

const CLASSES = ['', 'FILE_INFO', 'FS_INFO', 'SEC_INFO', 'QUOTA_INFO']
const FILE_CLASSES: Readonly<Record<number, string>> = {
  4: 'SMB2_FILE_BASIC_INFO',
  5: 'SMB2_FILE_STANDARD_INFO',
  6: 'SMB2_FILE_INTERNAL_INFO',
  7: 'SMB2_FILE_EA_INFO',
  8: 'SMB2_FILE_ACCESS_INFO',
  10: 'SMB2_FILE_RENAME_INFO',
  13: 'SMB2_FILE_DISPOSITION_INFO',
  14: 'SMB2_FILE_POSITION_INFO',
  16: 'SMB2_FILE_MODE_INFO',
  17: 'SMB2_FILE_ALIGNMENT_INFO',
  18: 'SMB2_FILE_ALL_INFO',
  19: 'SMB2_FILE_ALLOCATION_INFO',
  20: 'SMB2_FILE_ENDOFFILE_INFO',
  21: 'SMB2_FILE_ALTERNATE_NAME_INFO',
  22: 'SMB2_FILE_STREAM_INFO',
  23: 'SMB2_FILE_PIPE_INFO',
  28: 'SMB2_FILE_COMPRESSION_INFO',
  34: 'SMB2_FILE_NETWORK_OPEN_INFO',
  35: 'SMB2_FILE_ATTRIBUTE_TAG_INFO',
}
const FILE_SYSTEM_CLASSES: Readonly<Record<number, string>> = {
  1: 'FileFsVolumeInformation',
  2: 'FileFsLabelInformation',
  3: 'FileFsSizeInformation',
  4: 'FileFsDeviceInformation',
  5: 'FileFsAttributeInformation',
  6: 'FileFsControlInformation',
  7: 'FileFsFullSizeInformation',
  8: 'FileFsObjectIdInformation',
  11: 'FileFsSectorSizeInformation',
}
/** `FILE_INFO/SMB2_FILE_STANDARD_INFO` of a type and a level. */
export function infoName(type: number, level: number): string {
  const names = type === 1 ? FILE_CLASSES : type === 2 ? FILE_SYSTEM_CLASSES : null
  return `${CLASSES[type] || `Class ${type}`}/${names === null ? `SMB2_${CLASSES[type] ?? 'INFO'}_00` : (names[level] ?? `Level ${level}`)}`
}

const FIND_LEVELS: Readonly<Record<number, string>> = {
  1: 'SMB2_FIND_DIRECTORY_INFO',
  2: 'SMB2_FIND_FULL_DIRECTORY_INFO',
  3: 'SMB2_FIND_BOTH_DIRECTORY_INFO',
  12: 'SMB2_FIND_NAME_INFO',
  37: 'SMB2_FIND_ID_BOTH_DIRECTORY_INFO',
  38: 'SMB2_FIND_ID_FULL_DIRECTORY_INFO',
}
export const findName = (level: number): string => FIND_LEVELS[level] ?? `Level ${level}`
