import { defineLog } from '../define.ts'
import { sourceOf } from '../transferred-file.ts'

/** Every file that was transferred, with its hashes. */
export default defineLog<null>({
  id: 'files',
  protocols: ['http', 'smb', 'smb2', 'tftp', 'ftp-data', 'imf', 'smtp', 'pop', 'imap'],
  begin: () => null,
  take({ at, direction, flow, files }, _, emit) {
    for (const file of files) {
      emit('files', at, flow, {
        fuid: file.id,
        source: sourceOf(file),
        mime_type: file.type,
        filename: file.name,
        is_orig: direction === 0,
        seen_bytes: file.size,
        total_bytes: file.complete ? file.size : undefined,
        complete: file.complete,
        md5: file.md5,
        sha1: file.sha1,
        sha256: file.sha256,
      })
    }
  },
})
