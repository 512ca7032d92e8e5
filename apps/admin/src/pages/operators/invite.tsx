// Invites an address: a mail with a link that works once, for that address alone.

import { Button } from '../../kit/button.tsx'
import { Choices } from '../../kit/choices.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Invitation, roleChoices } from './operator.ts'

export function Invite({ onClose }: { onClose: () => void }) {
  const { api } = useParts()
  const place = useOrganisation()
  const path = place.api('/invitations')
  const form = useForm({
    initial: { email: '', role: 'viewer' },
    check: { email: (email) => (email.includes('@') ? undefined : 'Enter an e-mail address.') },
    save: (body, intent) => api.send<Invitation>('POST', path, { body, intent }),
    changes: [path],
    onSaved({ email }) {
      notify(`An invitation is on its way to ${email}.`)
      onClose()
    },
  })
  return (
    <Dialog isOpen title={`Invite somebody to ${place.name}`} onClose={onClose}>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        <Field
          label="E-mail address"
          hint="The link works once, for seven days and for this address alone."
          type="email"
          {...form.field('email')}
        />
        <Choices label="Role" choices={roleChoices} {...form.field('role')} />
        <div class="actions">
          <Button type="submit" look="primary" isBusy={form.isSaving} busyLabel="Sending …">
            Send the invitation
          </Button>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
