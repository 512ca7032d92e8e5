// Copies a text, and says that it did.

import { useEffect, useState } from 'preact/hooks'
import { announce } from '../state/live.ts'

/** How long the button says so, in milliseconds. */
const SAYS = 2000

export function CopyButton({
  text,
  label,
}: {
  text: string /** Of what: "client id". */
  label: string
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), SAYS)
    return () => clearTimeout(timer)
  }, [state])

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
      announce(`Copied the ${label}.`)
    } catch {
      setState('failed')
      announce(`The ${label} could not be copied. Select it, and copy it yourself.`)
    }
  }
  const words = { idle: 'Copy', copied: 'Copied', failed: 'Not copied' }
  return (
    <button type="button" class="copy" onClick={copy}>
      {words[state]}
      <span class="unseen"> the {label}</span>
    </button>
  )
}
