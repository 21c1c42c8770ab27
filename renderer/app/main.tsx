import { createClient } from '../client/create-client.ts'
import { mountDesk } from './mount.tsx'
import { useShell } from './shell-state.ts'

const root = document.getElementById('root')
if (root)
  mountDesk(
    root,
    createClient((message) => useShell.setState({ refused: message })),
  )
