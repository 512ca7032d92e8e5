// From the draft to what customers see: with the colours that could not be read said first.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Fault } from '../../kit/fault.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
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
  const publish = useAction({
    run: (body: { adjust: boolean; draft_version?: number }, intent) =>
      api.send<BrandVersion>('POST', place.api('/brand/versions'), { body, intent }),
    changes: [place.api('/brand')],
  })
  const { passes, checks } = state.contrast
  const faint = checks.filter((check) => !check.passes)
  const confirm = async (): Promise<void> => {
    const number = /\d+/.exec(version ?? '')?.[0]
    const body = { adjust: !passes, ...(number && { draft_version: Number(number) }) }
    const done = await publish.start(body)
    if (!done) return
    notify(`Version ${done.data.number} is published. Pages and mails follow within seconds.`)
    onClose()
  }
  return (
    <Dialog isOpen title="Publish this look?" onClose={onClose}>
      <p>
        Sign-in pages, error pages, policies and mails of {place.name} wear it within five seconds.
        You can publish an older version again at any time.
      </p>
      {!passes && <Adjusted checks={faint} />}
      {publish.error && <Fault error={publish.error} />}
      <div class="actions">
        <Button look="primary" isBusy={publish.isRunning} onClick={confirm}>
          {passes ? 'Publish' : 'Publish with these colours'}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {passes ? 'Not yet' : 'Change them myself'}
        </Button>
      </div>
    </Dialog>
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
