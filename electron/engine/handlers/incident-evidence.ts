/** Evidence of incidents (contract area `incidents`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { incidentEvidenceContract } from '../../../shared/incident-evidence-contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { EvidenceRoom } from '../evidence/evidence-room.ts'
import type { FlowCarver } from '../evidence/flow-carver.ts'
import type { Uploads } from '../evidence/uploads.ts'
import type { Store } from '../store/types.ts'
import { latest } from './latest.ts'

export interface EvidenceParts {
  readonly room: EvidenceRoom
  readonly carver: FlowCarver
  readonly uploads: Uploads
}

export const incidentEvidenceHandlers = (
  { incidents }: Pick<Store, 'incidents'>,
  { room, carver, uploads }: EvidenceParts,
): Pick<HandlersOf<WatchfloorContract>, keyof typeof incidentEvidenceContract> => ({
  'incidents.carves': (input, { signal }) => incidents.carves(input, signal),
  'incidents.custody': (input, { signal }) => incidents.custody(input, signal),
  'incidents.addPackets': ({ number, from }, { caller, signal }) =>
    from.kind === 'alert'
      ? carver.alert(number, from.alert, caller.name, signal)
      : carver.flow(number, from.capture, from.flow, caller.name, signal),
  'incidents.addRecords': ({ number, events, ...said }, { caller, signal }) =>
    room.addRecords(number, events, said, caller.name, signal),
  'incidents.addObject': ({ number, capture, object, ...said }, { caller, signal }) =>
    room.addObject(number, capture, object, said, caller.name, signal),
  'incidents.beginUpload': (input, { caller, signal }) => uploads.begin(input, caller.name, signal),
  'incidents.upload': ({ upload, from, base64 }, { caller }) => uploads.piece(upload, from, base64, caller.name),
  'incidents.sealUpload': ({ upload, note, internal }, { caller }) => uploads.seal(upload, note, internal, caller.name),
  'incidents.dropUpload': ({ upload }, { caller }) => uploads.drop(upload, caller.name),
  'incidents.openEvidence': ({ number, id }, { caller, signal }) => room.open(number, id, caller.name, signal),
  'incidents.readEvidence': ({ opening, from, count }, { caller }) => room.read(opening, from, count, caller.name),
  'incidents.openPackets': ({ number, id }, { caller, signal }) => room.openPackets(number, id, caller.name, signal),
  'incidents.exportEvidence': ({ number, id, path }, { caller, signal }) => room.export(number, id, path, caller.name, signal),
  'incidents.checkEvidence': ({ number }, emit, { caller, signal }) => room.check(number, caller.name, latest(emit), signal),
  'incidents.noteEvidence': (input, { caller }) => incidents.noteEvidence(input, caller.name),
})
