// A section with one button that does one thing at once, because it can be taken back.

import { notify } from '../state/live.ts'
import { useAction } from '../state/queries.ts'
import { Button } from './button.tsx'
import { Fault } from './fault.tsx'
import { Section } from './page.tsx'

export function ActSection(props: {
  /** Of the section, and of its button. */
  title: string
  lead: string
  look: 'danger' | 'primary'
  run(): Promise<unknown>
  /** Addresses that are read again afterwards. */
  changes: readonly string[]
  /** Said when it is done. */
  done: string
}) {
  const { title, lead, look, changes, done } = props
  const action = useAction({ run: (_none: undefined) => props.run(), changes })
  const act = async (): Promise<void> => {
    if (await action.start(undefined)) notify(done)
  }
  return (
    <Section
      title={title}
      lead={lead}
      actions={
        <Button look={look} isBusy={action.isRunning} onClick={act}>
          {title}
        </Button>
      }
    >
      {action.error && <Fault error={action.error} />}
    </Section>
  )
}
