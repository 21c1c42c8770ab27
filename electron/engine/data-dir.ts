/** Where the desk lives when nobody says otherwise. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `$WATCHFLOOR_DATA`, else the platform's folder for application data. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['WATCHFLOOR_DATA']) return env['WATCHFLOOR_DATA']
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Watchfloor')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Watchfloor')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'watchfloor')
}
