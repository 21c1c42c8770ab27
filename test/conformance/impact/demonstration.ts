/**
 * The demonstration: its intrusion, and days on which there is none. Labels are those of the story that the generator tells; what is
 * labelled is what its manifest expects, and what the internet does on every day.
 */
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Demonstration } from '../../../electron/engine/demo/generate.ts'
import { DEFAULT_START } from '../../../electron/engine/demo/write-demo.ts'
import { captureHeader } from '../../../electron/engine/demo/writers/capture.ts'
import { byFile } from '../../../electron/engine/demo/writers/piece.ts'
import { zeekHeader } from '../../../electron/engine/demo/writers/zeek.ts'
import type { Asked } from './desk.ts'
import type { Label, Labelled } from './labelled.ts'

export interface FoundCase extends Labelled {
  readonly asked: Asked
  /** Whether it is raised at all is up to the seed. */
  readonly byChance?: boolean
}
const of = (id: string, label: Label, why: string, detection: string, about?: string): FoundCase => ({
  id,
  label,
  why,
  asked: about === undefined ? { detection } : { detection, about },
})
const CONTROL = '192.0.2.146'
const DROP = '192.0.2.201'

export const INTRUSION: readonly FoundCase[] = [
  of(
    'demo-port-scan',
    'unknown',
    'Two ports were open and most closed: the scan was answered, and nothing entered.',
    '1:9000101',
  ),
  of('demo-directories', 'failed', 'Every name that was tried is answered 404.', '1:9000102'),
  of('demo-phpmyadmin', 'failed', 'None of the set-up pages is there.', '1:9000103'),
  of('demo-traversal', 'failed', 'The server refuses all three requests with 400.', '1:9000104'),
  of('demo-union', 'succeeded', 'Names and hashes of users stand in the answer.', '1:9000105'),
  of('demo-sleep', 'unknown', 'In a story told in a hurry the answers wait less long than the query says.', '1:9000106'),
  of('demo-upload', 'succeeded', 'The uploaded script answers a minute later.', '1:9000107'),
  of('demo-upload-rule', 'succeeded', 'The uploaded script answers a minute later.', 'd4868c23-f8c6-46de-9b14-ff8f145744fe'),
  of('demo-shell-call', 'succeeded', 'The script answers with the output of commands.', '1:9000108'),
  of('demo-shell-output', 'succeeded', 'The answer holds what id prints.', '1:9000109'),
  of('demo-output-rule', 'succeeded', 'The answer holds what id prints.', 'c8a5364b-147c-4502-999e-164111a6703d'),
  of('demo-command-rule', 'succeeded', 'The script answers with the output of commands.', 'b9676e9e-e9fb-464d-a47a-c0a05f9411c2'),
  of(
    'demo-shell-started',
    'succeeded',
    'The host records the shells that the web server started.',
    '1bcac24f-8f17-43b2-a9fa-095de3709816',
  ),
  of('demo-admin-share', 'succeeded', 'A program is written to the share and installed as a service.', '1:9000111'),
  of('demo-service-smb', 'succeeded', 'The host records the installed service.', '1:9000110'),
  of(
    'demo-share-rule',
    'succeeded',
    'A program is written to the share and installed as a service.',
    '9c3c163f-40c7-4076-85a0-89bef3fa14e8',
  ),
  of('demo-service-rule', 'succeeded', 'The record is that of the installed service.', '116c67d5-a04f-42e5-b85c-698452478545'),
  of(
    'demo-dump-rule',
    'succeeded',
    'The tool was started, opened LSASS and wrote the dump.',
    '668ca4aa-9b82-4258-a13d-1df273f6eb01',
  ),
  of(
    'demo-lsass-opened',
    'succeeded',
    'The record says that LSASS was opened with all rights.',
    '27b9c9bb-988e-438a-bcc8-5c631081d3e1',
  ),
  of('demo-implant', 'succeeded', 'Every call of the implant is answered.', '1:9000112', CONTROL),
  of(
    'demo-implant-rule',
    'succeeded',
    'The calls of the program are answered by its server.',
    '09891a35-c854-4275-9f65-569c697a5fdb',
  ),
  of('demo-account', 'succeeded', 'The domain controller records the new account.', 'e2cf07f6-3306-4b6f-b18c-9d598367f034'),
  of('demo-powershell', 'succeeded', 'The hidden script ran and wrote its archive.', 'cae2f8e7-0021-44d7-a503-032b9a5c6b35'),
  of('demo-archive', 'succeeded', 'The script ran and wrote its archive.', 'efafdb4f-75d5-46e8-bc2c-81834183653d'),
  of('demo-archive-sent', 'succeeded', 'The archive is sent whole and taken with 201.', '1:9000113', DROP),
  of('demo-archive-rule', 'succeeded', 'The archive is sent whole and taken with 201.', 'f7b4da09-a87b-466d-af20-6e040d35a83b'),
  of('demo-curl', 'succeeded', 'The program ran, and the server took the archive.', '18aa2b11-533d-467a-86ca-5b91010550ed'),
]

/** What raises alerts on any day, as the seed has it; `day` in its id. */
export const ordinary = (day: string): readonly FoundCase[] => ordinaryOf(day).map((one) => ({ ...one, byChance: true }))
const ordinaryOf = (day: string): readonly FoundCase[] => [
  of(`${day}-ssh`, 'failed', 'All guesses at the gateway are refused.', '1:9000201'),
  of(
    `${day}-jndi`,
    'blocked',
    'The sensor in line blocks it; the server gives its front page or nothing, and calls nobody.',
    '1:9000202',
  ),
  of(`${day}-smb`, 'blocked', 'The firewall drops the probe and nobody answers.', '1:9000203'),
  of(`${day}-sweep`, 'unknown', 'The hosts answer a ping, as they may.', '1:9000204'),
  of(`${day}-old-tls`, 'unknown', 'An old client talks to a server; nothing is attacked.', '1:9000205'),
  of(`${day}-dynamic-dns`, 'unknown', 'A name was asked for, as browsing does.', '1:9000206'),
  of(`${day}-remote-control`, 'unknown', 'A program for support looks for news.', '1:9000207'),
  of(`${day}-mail`, 'blocked', 'The mail that a workstation sends itself is blocked on its way.', '1:9000208'),
  of(`${day}-agent`, 'unknown', 'A script reads a page that everybody may read.', '1:9000209'),
]

/** A day without an intrusion, as files; capture included. */
export async function writeOrdinary(to: string, seed: number, minutes: number): Promise<void> {
  const demonstration = new Demonstration({ seed, start: DEFAULT_START, minutes, capture: true, intrusion: null })
  const files = new Map<string, FileHandle>()
  for await (const pieces of demonstration.minutes())
    for (const [file, { bytes }] of byFile(pieces)) {
      const path = join(to, file)
      let handle = files.get(file)
      if (handle === undefined) {
        await mkdir(dirname(path), { recursive: true })
        files.set(file, (handle = await open(path, 'w')))
        if (file === 'capture.pcap') await handle.write(captureHeader())
        else if (file.startsWith('zeek/')) await handle.write(`${zeekHeader(file, DEFAULT_START).join('\n')}\n`)
      }
      await handle.writeFile(bytes)
    }
  await Promise.all([...files.values()].map((handle) => handle.close()))
}
