/** A file of this machine as evidence: sent in pieces, sealed by the engine. */
import { MOST_WINDOW } from '../../../../shared/incident-evidence-contract.ts'
import { fail, type Result } from '../../../../shared/model/result.ts'
import type { WatchfloorClient } from '../../../client/types.ts'

/** Whole threes, so that no piece of base64 is padded. */
const PIECE = MOST_WINDOW - (MOST_WINDOW % 3)

const base64Of = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8190) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 8190)))
  return text
}

/** Gives the id of the new item. What was sent of a failed one is thrown away. */
export async function uploadEvidence(
  client: WatchfloorClient,
  number: string,
  kind: 'file' | 'screenshot',
  file: File,
  progress: (sent: number) => void = () => undefined,
): Promise<Result<{ id: string }>> {
  const name = (file.name === '' ? kind : file.name).slice(0, 300)
  const begun = await client.command('incidents.beginUpload', { number, kind, name, bytes: file.size })
  if (!begun.ok) return begun
  const { upload } = begun.value
  for (let from = 0; from < file.size; from += PIECE) {
    let bytes: Uint8Array
    try {
      bytes = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer())
    } catch {
      void client.command('incidents.dropUpload', { upload })
      return fail({ code: 'conflict', message: 'The file cannot be read any more.' })
    }
    const sent = await client.command('incidents.upload', { upload, from, base64: base64Of(bytes) })
    if (!sent.ok) {
      void client.command('incidents.dropUpload', { upload })
      return sent
    }
    progress(sent.value.received)
  }
  return client.command('incidents.sealUpload', { upload })
}
