// Publishing a policy, its draft or an older version: and whether customers have to accept it again.

import { useState } from 'preact/hooks'
import { ApiError } from '../../api.ts'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Switch } from '../../kit/switch.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { kinds, numberOf, type Policy, type PolicyVersion } from './policy.ts'

export function PublishPolicy(props: {
  policy: Policy
  version: string | undefined
  /** What is not saved is not published. */
  isChanged: boolean
}) {
  const { policy, version, isChanged } = props
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="primary" isDisabled={isChanged} onClick={() => setOpen(true)}>
        {isChanged ? 'Save before you publish' : 'Publish …'}
      </Button>
      {isOpen && (
        <PublishDialog
          policy={policy}
          what={{ draft_version: numberOf(version) }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

export function PublishDialog(props: {
  policy: Policy
  what: { draft_version: number } | { repeats: number }
  onClose(): void
}) {
  const { policy, what, onClose } = props
  const { kind, current, asked } = policy
  const place = useOrganisation()
  const { api } = useParts()
  const [needsAcceptance, setNeedsAcceptance] = useState(false)
  const name = kinds[kind].title.toLowerCase()
  const isAgain = 'repeats' in what
  const body = { ...what, needs_acceptance: needsAcceptance }
  return (
    <ConfirmDialog
      title={isAgain ? `Publish version ${what.repeats} again?` : `Publish the ${name}?`}
      action={isAgain ? 'Publish it again' : 'Publish'}
      look="primary"
      keep="Not yet"
      input={body}
      run={(intent) =>
        api.send<PolicyVersion>('POST', place.api(`/policies/${kind}/versions`), { body, intent })
      }
      changes={[place.api('/policies')]}
      onDone={({ number }) =>
        notify(`Version ${number} is published. Customers read it within seconds.`)
      }
      onClose={onClose}
      refusal={(error) => <Refusal error={error} />}
    >
      <p>
        It becomes version {(current?.number ?? 0) + 1}, in all its languages at once, and never
        changes. {isAgain && 'The draft stays as it is.'}
      </p>
      {kind !== 'refund' && current !== null && (
        <Switch
          name="needs-acceptance"
          label="Customers have to accept it again"
          hint={acceptanceHint(asked)}
          value={needsAcceptance}
          onChange={setNeedsAcceptance}
        />
      )}
      {kind !== 'refund' && current === null && asked && (
        <p>Customers are asked to accept it at their next sign-in: it is the first version.</p>
      )}
    </ConfirmDialog>
  )
}

function acceptanceHint(asked: boolean): string {
  return asked
    ? 'Everybody is asked at their next sign-in. Leave it off when only words were mended.'
    : 'They are not asked for it now; if you have them asked later, this counts.'
}

function Refusal({ error }: { error: Error }) {
  const details = error instanceof ApiError ? error.details : []
  const isMissing = details.find(({ path }) => path.startsWith('texts.'))
  if (!isMissing) return <Fault error={error} />
  return (
    <div class="fault" role="alert">
      <p>The text in the organisation’s own language is missing. Write it, and publish then.</p>
    </div>
  )
}
