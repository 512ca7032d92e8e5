// Where the browser library is, and what it is recognised by: what a page needs that pins it.

import { useEffect, useState } from 'preact/hooks'
import type { LibraryFile } from './snippets/client-values.ts'

/** Nothing until it was read, and where it cannot be: then what needs it is not shown. */
export function useBrowserLibrary(): readonly LibraryFile[] {
  const [files, setFiles] = useState<readonly LibraryFile[]>([])
  useEffect(() => {
    fetch('/dom/v1/manifest.json')
      .then((answer) => answer.json())
      .then((manifest: { files: LibraryFile[] }) => setFiles(manifest.files)) // the shape of src/routes/browser-library.ts
      .catch(() => setFiles([]))
  }, [])
  return files
}
