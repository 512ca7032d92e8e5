// How the demo is built: Preact by the compiler's own JSX, everything in files that a strict policy allows.

import { defineConfig } from 'vite'

export default defineConfig({
  base: '/demo/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
