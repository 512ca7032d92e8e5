// Draws a component again when something outside of it changes.

import { useEffect, useState } from 'preact/hooks'

export function useStore(onChange: (listener: () => void) => () => void): void {
  const [, draw] = useState({})
  useEffect(() => onChange(() => draw({})), [onChange])
}
