import { COMMAND } from '../../decode/smb/smb2-commands.ts'
import { SMB1 } from '../../decode/smb/smb1-commands.ts'
import { Recent } from '../../decode/recent.ts'
import { defineLog, type Moment } from '../define.ts'
import { smbUnits } from '../smb-units.ts'

/** Shares that were connected to. */
export default defineLog<Recent<string, { readonly path: string; readonly at: Moment }>>({
  id: 'smb_mapping',
  protocols: ['smb', 'smb2'],
  begin: () => new Recent(256),
  take(said, asked, emit) {
    for (const unit of smbUnits(said)) {
      if (unit.command !== (unit.old ? SMB1.treeConnect : COMMAND.treeConnect)) continue
      if (!unit.response) {
        asked.set(unit.id, { path: unit.tree, at: said.at })
        continue
      }
      const one = asked.take(unit.id)
      if (one === undefined || unit.status !== 0) continue
      const { path, at } = one
      const pipe = unit.pipe || /ipc\$$/i.test(path)
      emit('smb_mapping', at, said.flow, {
        path,
        share_type: pipe ? 'PIPE' : unit.printer ? 'PRINT' : 'DISK',
      })
    }
  },
})
