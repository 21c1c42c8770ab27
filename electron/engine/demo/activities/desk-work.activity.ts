import { SECOND } from '../rhythm.ts'
import { fileCreated, imageLoaded, registrySet, runningProcess, startProcess } from '../windows-events.ts'
import { defineActivity } from './define.ts'

const OFFICE = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\'

export default defineActivity({
  id: 'desk-work',
  title: 'Programs at the desks',
  doc: 'Programs start, save files, keep settings: Sysmon 1, 7, 11 and 13 on the workstations. Once in a long while Word makes a scheduled task on ws-131 (a macro of the planners).',
  perMinute: 20,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const user = host.user
    if (!user) return
    const explorer = runningProcess(scene, host, 'C:\\Windows\\explorer.exe', 'C:\\Windows\\Explorer.EXE', user)
    const programs: readonly (readonly [string, string, string])[] = [
      [`${OFFICE}WINWORD.EXE`, 'Microsoft Word', `C:\\Users\\${user.name}\\Documents\\letter-${random.int(1, 40)}.docx`],
      [`${OFFICE}EXCEL.EXE`, 'Microsoft Excel', `C:\\Users\\${user.name}\\Documents\\plan-${random.int(1, 40)}.xlsx`],
      [`${OFFICE}OUTLOOK.EXE`, 'Microsoft Outlook', ''],
      ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'Google Chrome', ''],
      ['C:\\Windows\\System32\\notepad.exe', 'Notepad', `C:\\Users\\${user.name}\\Desktop\\notes.txt`],
      ['C:\\Program Files\\Example Foods\\Stock\\stock.exe', 'Stock', ''],
    ]
    const [image, , document] = random.pick(programs)
    const process = startProcess(scene, explorer, at, image, document === '' ? `"${image}"` : `"${image}" "${document}"`)
    if (random.chance(0.6))
      imageLoaded(
        scene,
        process,
        at + random.int(4_000, 60_000),
        `C:\\Windows\\System32\\${random.pick(['mscoree.dll', 'wininet.dll', 'winhttp.dll', 'dbghelp.dll'])}`,
        'Windows component',
      )
    if (document !== '')
      fileCreated(scene, process, at + random.int(2 * SECOND, 40 * SECOND), document.replace(/([^\\]+)$/, '~$$$1'))
    if (random.chance(0.7))
      registrySet(
        scene,
        process,
        at + random.int(SECOND, 5 * SECOND),
        `HKU\\${user.sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\MRUListEx`,
        'Binary Data',
      )
    // Two small stories of an ordinary day, for an analyst to call benign.
    if (random.chance(0.0016)) {
      const planner = world.host('ws-131')
      const word = runningProcess(
        scene,
        planner,
        `${OFFICE}WINWORD.EXE`,
        `"${OFFICE}WINWORD.EXE" "C:\\Planning\\week.docm"`,
        world.user('d.ruiz'),
      )
      startProcess(
        scene,
        word,
        at + SECOND,
        'C:\\Windows\\System32\\schtasks.exe',
        'schtasks.exe /create /sc daily /tn "Week plan" /tr "C:\\Planning\\print-plan.cmd" /st 06:00',
      )
    }
    if (random.chance(0.0016)) {
      const clerk = world.host('ws-114')
      const shell = runningProcess(scene, clerk, 'C:\\Windows\\explorer.exe', 'C:\\Windows\\Explorer.EXE', world.user('m.lind'))
      const script = Buffer.from('Get-ChildItem \\\\file-01\\common\\plans | Out-Printer', 'utf16le').toString('base64')
      startProcess(
        scene,
        shell,
        at + 2 * SECOND,
        'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
        `powershell.exe -NoProfile -EncodedCommand ${script}`,
      )
    }
    if (random.chance(0.001))
      fileCreated(
        scene,
        process,
        at + SECOND,
        `C:\\Users\\${user.name}\\Downloads\\${random.pick(['price-list', 'offer', 'invoice'])}.zip`,
      )
  },
})
