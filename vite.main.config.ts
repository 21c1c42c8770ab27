/** Electron's main process (a module) and its preload script (CommonJS: a sandboxed preload can be nothing else). */
import { build, defineConfig, type InlineConfig } from 'vite'

const part = (name: 'main' | 'preload', format: 'es' | 'cjs'): InlineConfig => ({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    outDir: `dist/${name}`,
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      input: `electron/${name}/${name}.ts`,
      external: ['electron'],
      output: { format, entryFileNames: `${name}.${format === 'es' ? 'js' : 'cjs'}` },
    },
  },
  ssr: { noExternal: true, external: ['electron'] },
})

export default defineConfig({
  ...part('main', 'es'),
  plugins: [
    {
      name: 'watchfloor:preload',
      async closeBundle() {
        await build({ ...part('preload', 'cjs'), configFile: false, logLevel: 'warn' })
      },
    },
  ],
})
