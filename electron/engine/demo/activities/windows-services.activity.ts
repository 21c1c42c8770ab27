import { runningProcess, scriptBlock, serviceChanged, startProcess, SYSTEM_USER, deviceAttached } from '../windows-events.ts'
import { defineActivity } from './define.ts'

const SVCHOST = 'C:\\Windows\\System32\\svchost.exe'

export default defineActivity({
  id: 'windows-services',
  title: 'Windows housekeeping',
  doc: 'Services start and stop, maintenance runs, an inventory script: System 7036, Sysmon 1, PowerShell 4104. Now and then someone plugs in a USB stick (6416).',
  perMinute: 9,
  steady: true,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick([...world.workstations, world.host('dc-01'), world.host('file-01')])
    const kind = random.weighted([['service', 6], ['task', 4], ['script', 1]] as const) // prettier-ignore
    if (kind === 'service') {
      const name = random.pick([
        'Windows Update',
        'Background Intelligent Transfer Service',
        'Windows Modules Installer',
        'Software Protection',
        'Windows Error Reporting Service',
      ])
      serviceChanged(scene, host, at, name, random.chance(0.5) ? 'running' : 'stopped')
    } else if (kind === 'task') {
      const scheduler = runningProcess(scene, host, SVCHOST, `${SVCHOST} -k netsvcs -p -s Schedule`, SYSTEM_USER)
      const [image, command] = random.pick([
        ['C:\\Windows\\System32\\taskhostw.exe', 'taskhostw.exe'],
        ['C:\\Windows\\System32\\defrag.exe', '"C:\\Windows\\system32\\defrag.exe" -c -h -o'],
        [
          'C:\\Windows\\System32\\backgroundTaskHost.exe',
          '"C:\\Windows\\system32\\backgroundTaskHost.exe" -ServerName:CortanaUI',
        ],
        ['C:\\Windows\\System32\\sc.exe', 'C:\\Windows\\system32\\sc.exe start wuauserv'],
      ] as const)
      startProcess(scene, scheduler, at, image, command)
    } else {
      scriptBlock(
        scene,
        host,
        at,
        `# Inventory, every hour\n$disks = Get-CimInstance Win32_LogicalDisk\n$disks | Select-Object DeviceID, FreeSpace | Export-Csv C:\\ProgramData\\Inventory\\disks.csv`,
        'C:\\ProgramData\\Inventory\\disks.ps1',
      )
    }
    if (random.chance(0.0015))
      deviceAttached(
        scene,
        world.host('ws-107'),
        at + 50_000,
        world.user('h.yoon'),
        'Generic Flash Disk USB Device',
        `USBSTOR\\Disk&Ven_Generic&Prod_Flash_Disk&Rev_8.07\\${random.hex(8).toUpperCase()}&0`,
      )
  },
})
