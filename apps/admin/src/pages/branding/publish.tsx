// From the draft to what customers see: with the colours that could not be read said first.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type BrandState, type BrandVersion, type Check, checkWords, isSameLook } from './brand.ts'
import { Chip } from './colour-field.tsx'

export function Publish(props: {
  state: BrandState
  version: string | undefined
  /** What is not saved is not published. */
  isChanged: boolean
}) {
  const { state, version, isChanged } = props
  const [isOpen, setOpen] = useState(false)
  const { draft, published, updated_at: updatedAt } = state
  if (updatedAt === null || isSameLook(draft, published)) return null
  return (
    <>
      <Button look="primary" isDisabled={isChanged} onClick={() => setOpen(true)}>
        {isChanged ? 'Save before you publish' : 'Publish …'}
      </Button>
      {isOpen && <Question state={state} version={version} onClose={() => setOpen(false)} />}
    </>
  )
}

function Question(props: { state: BrandState; version: string | undefined; onClose(): void }) {
  const { state, version, onClose } = props
  const place = useOrganisation()
  const { api } = useParts()
  const { passes, checks } = state.contrast
  const faint = checks.filter((check) => !check.passes)
  const number = /\d+/.exec(version ?? '')?.[0]
  const body = { adjust: !passes, ...(number && { draft_version: Number(number) }) }
  return (
    <ConfirmDialog
      title="Publish this look?"
      action={passes ? 'Publish' : 'Publish with these colours'}
      look="primary"
      keep={passes ? 'Not yet' : 'Change them myself'}
      input={body}
      run={(intent) =>
        api.send<BrandVersion>('POST', place.api('/brand/versions'), { body, intent })
      }
      changes={[place.api('/brand')]}
      onDone={(published) =>
        notify(`Version ${published.number} is published. Pages and mails follow within seconds.`)
      }
      onClose={onClose}
    >
      <p>
        Sign-in pages, error pages, policies and mails of {place.name} wear it within five seconds.
        You can publish an older version again at any time.
      </p>
      {!passes && <Adjusted checks={faint} />}
    </ConfirmDialog>
  )
}

function Adjusted({ checks }: { checks: readonly Check[] }) {
  return (
    <div class="note warn">
      <p>
        <strong>Not everything could be read.</strong> These colours are moved to the nearest ones
        that can, in the draft as well:
      </p>
      <ul class="moves">
        {checks.map((check) => (
          <li key={`${check.scheme}-${check.colour}`}>
            {checkWords(check)}: <Chip colour={check.foreground} /> {check.foreground}
            <span aria-hidden="true"> → </span>
            <span class="unseen"> becomes </span>
            <Chip colour={check.suggestion} /> {check.suggestion}
          </li>
        ))}
      </ul>
    </div>
  )
}
