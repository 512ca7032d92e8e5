// Giving a host back: what breaks, and its name to be typed.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { ConfirmByName } from '../../kit/confirm-by-name.tsx'
import { Section } from '../../kit/page.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Reading, useAction } from '../../state/queries.ts'
import type { Organisation } from './organisation.ts'
import { retold } from './refusal.ts'

export function ReleaseHost(props: { host: string; reading: Reading<Organisation> }) {
  const { host, reading } = props
  const { api } = useParts()
  const place = useOrganisation()
  const [isOpen, setOpen] = useState(false)
  const releasing = useAction({
    run: (_none: undefined) =>
      api
        .send<Organisation>('DELETE', place.api('/domain'), { version: reading.version })
        .catch(retold({ readAgain: reading.readAgain })),
    changes: [place.api('')],
  })
  const release = async (): Promise<void> => {
    const released = await releasing.start(undefined)
    if (!released) return
    setOpen(false)
    notify(`${host} is released. The issuer is ${released.data.issuer} now.`)
  }
  return (
    <Section
      title="Release the host"
      lead="The issuer is below the installation’s own address again."
      actions={
        <Button look="danger" onClick={() => setOpen(true)}>
          Release
        </Button>
      }
    >
      <ConfirmByName
        isOpen={isOpen}
        title="Release this host?"
        name={host}
        action="Release the host"
        isBusy={releasing.isRunning}
        error={releasing.error}
        onConfirm={release}
        onClose={() => setOpen(false)}
      >
        <ul>
          <li>{host} answers 404 within two seconds.</li>
          <li>Access tokens that name it are refused, and who is signed in signs in again.</li>
          <li>Every client has to be told of the issuer; refresh tokens go on there.</li>
          <li>Whoever proves the name in the DNS can take it, in any organisation.</li>
        </ul>
      </ConfirmByName>
    </Section>
  )
}
