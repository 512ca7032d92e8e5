// How the console is built: Preact by the compiler's own JSX, a chunk for each page, everything in files that a strict policy allows.

import { defineConfig } from 'vite'

export default defineConfig({
  base: '/admin/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true, // what the test of its size reads
  },
})
