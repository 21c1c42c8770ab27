/** Builds and serves the screens over the made-up engine once, for all files that open them. */
import type { TestProject } from 'vitest/node'
import { serveScreens, type ReactBuild } from '../fixtures/screen/serve-screens.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of the screens, by the React they are built with. */
    screens: Readonly<Record<ReactBuild, string>>
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const production = await serveScreens('production')
  const development = await serveScreens('development')
  project.provide('screens', { production: production.url, development: development.url })
  return () => {
    for (const { server } of [production, development]) {
      server.closeAllConnections()
      server.close()
    }
  }
}
