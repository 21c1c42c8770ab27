import { COMMAND } from '../../decode/smb/smb2-commands.ts'
import { SMB1 } from '../../decode/smb/smb1-commands.ts'
import { isPipeShare } from '../../decode/smb/session.ts'
import { Recent } from '../../decode/recent.ts'
import { defineLog, type Emit, type Moment, type Said } from '../define.ts'
import { smbUnits, type SmbUnit } from '../smb-units.ts'

interface OpenFile {
  readonly tree: string
  readonly name: string
  written: boolean
}
interface SmbState {
  /** Files that were asked for, by message. */
  readonly asked: Recent<string, { readonly name: string; readonly at: Moment }>
  /** By file id. */
  readonly files: Recent<string, OpenFile>
}

function open(unit: SmbUnit, said: Said, state: SmbState, emit: Emit): void {
  const asked = state.asked.take(unit.id)
  if (unit.status !== 0 || unit.file === '' || asked === undefined || unit.pipe || isPipeShare(unit.tree)) return
  const { name, at } = asked
  state.files.set(unit.file, { tree: unit.tree, name, written: false })
  // An empty name is the share itself.
  if (name === '') return
  emit('smb_files', at, said.flow, {
    action: 'SMB::FILE_OPEN',
    path: unit.tree,
    name,
    created: unit.action === 2 ? true : undefined,
  })
}

/** Files that were opened on shares, and the first writing to each. */
export default defineLog<SmbState>({
  id: 'smb_files',
  protocols: ['smb', 'smb2'],
  begin: () => ({ asked: new Recent(1024), files: new Recent(1024) }),
  take(said, state, emit) {
    for (const unit of smbUnits(said)) {
      const creates = unit.old
        ? unit.command === SMB1.ntCreate || unit.command === SMB1.openAndX
        : unit.command === COMMAND.create
      if (creates) {
        if (unit.response) open(unit, said, state, emit)
        else state.asked.set(unit.id, { name: unit.name, at: said.at })
        continue
      }
      const writes = unit.command === (unit.old ? SMB1.writeAndX : COMMAND.write)
      if (!writes || unit.response) continue
      const file = state.files.get(unit.file)
      if (file === undefined || file.written) continue
      file.written = true
      emit('smb_files', said.at, said.flow, { action: 'SMB::FILE_WRITE', path: file.tree, name: file.name })
    }
  },
})
