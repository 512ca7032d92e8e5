// Erasing somebody for ever: what goes and what is kept is said first, then the name is typed.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { Button } from '../../kit/button.tsx'
import { ConfirmByName } from '../../kit/confirm-by-name.tsx'
import { Section } from '../../kit/page.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'

export function ErasePerson(props: {
  noun: 'customer' | 'account'
  id: string
  /** What has to be typed. */
  name: string
  /** What goes, as items of a list. */
  children: ComponentChildren
  /** What else there is to know before. */
  note?: ComponentChildren
}) {
  const { noun, id, name, note } = props
  const place = useOrganisation()
  const { api, queries } = useParts()
  const { route } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const action = useAction({
    run: (_none: undefined) => api.send('DELETE', place.api(`/${noun}s/${id}`)),
  })
  const erase = async (): Promise<void> => {
    if (!(await action.start(undefined))) return
    notify(`The ${noun} is erased.`)
    // Read again where it is shown next: here there is nothing left to read.
    await queries.invalidateQueries({ refetchType: 'none' })
    route(place.href(`/${noun}s`), true)
  }
  return (
    <Section
      title="Erase"
      lead="For ever, as when somebody asks to be forgotten."
      actions={
        <Button look="danger" onClick={() => setOpen(true)}>
          Erase
        </Button>
      }
    >
      <ConfirmByName
        isOpen={isOpen}
        title={`Erase this ${noun}?`}
        name={name}
        action={`Erase ${noun}`}
        isBusy={action.isRunning}
        error={action.error}
        onConfirm={erase}
        onClose={() => setOpen(false)}
      >
        <p>
          <strong>What the law tells a business to keep stays:</strong> orders and bookings, which
          no longer say whose they were. The audit log keeps ids only.
        </p>
        <div>
          <p>These are gone at once, and nobody can bring them back:</p>
          <ul>{props.children}</ul>
        </div>
        {note}
      </ConfirmByName>
    </Section>
  )
}
