// Something to copy: a value in a line, or a snippet of code.

import { CopyButton } from './copy-button.tsx'

/** `label` says what it is, in the middle of a sentence: "client id", "snippet for Spring". */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  const isLong = text.includes('\n')
  return (
    <div class={isLong ? 'code-block long' : 'code-block'}>
      {/* Wider than the page, it is scrolled with the keyboard too. */}
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a place that scrolls has to be reached
        tabIndex={0}
        aria-label={label}
      >
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <CopyButton text={text} label={label} />
    </div>
  )
}
