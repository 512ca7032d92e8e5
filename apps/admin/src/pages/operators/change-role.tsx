// Gives an operator another role.

import { Choices } from '../../kit/choices.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { keepingLastOwner, type Operator, roleChoices, roleWord } from './operator.ts'

export function ChangeRole(props: { operator: Operator; onClose: () => void }) {
  const { operator, onClose } = props
  const { api } = useParts()
  const place = useOrganisation()
  const path = place.api('/operators')
  const form = useForm({
    initial: { role: operator.role as string },
    save: (body) =>
      keepingLastOwner(
        operator,
        place.name,
        api.send<Operator>('PATCH', `${path}/${operator.id}`, { body }),
      ),
    changes: [path, '/me'], // they may have changed their own
    onSaved({ email, role }) {
      notify(`${email} is ${roleWord(role).toLowerCase()} now.`)
      onClose()
    },
  })
  return (
    <FormDialog
      title="Change the role"
      action="Save"
      isBusy={form.isSaving}
      busyLabel="Saving …"
      onSubmit={form.submit}
      onClose={onClose}
    >
      <ErrorSummary form={form} />
      <p>
        Of <bdi>{operator.email}</bdi>. It counts at once.
      </p>
      <Choices label="Role" choices={roleChoices} {...form.field('role')} />
    </FormDialog>
  )
}
