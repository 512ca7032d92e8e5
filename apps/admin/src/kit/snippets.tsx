// The same thing for several languages or libraries, each ready to be copied.

import { CodeBlock } from './code-block.tsx'
import { Tabs } from './tabs.tsx'

export type Snippet = { id: string; title: string; text: string }

export function Snippets({ snippets, label }: { snippets: readonly Snippet[]; label: string }) {
  const tabs = snippets.map(({ id, title, text }) => ({
    id,
    title,
    content: <CodeBlock key={id} text={text} label={`snippet for ${title}`} />,
  }))
  return <Tabs tabs={tabs} label={label} />
}
