// Taking a host: which, the DNS record that proves it, whether it is there, and what happens then.

import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { ApiError } from '../../api.ts'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Field } from '../../kit/field.tsx'
import { Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { announce, notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Reading, useRead } from '../../state/queries.ts'
import type { DomainData, Organisation } from './organisation.ts'
import { retold } from './refusal.ts'

type HostRecord = NonNullable<DomainData['record']>
type Props = { organisation: Organisation; reading: Reading<Organisation> }

/** The host that is asked for stands in the address: the record can be sent to who looks after the DNS. */
export function TakeHost(props: Props) {
  const place = useOrganisation()
  const { query, route } = useLocation()
  const { host = '' } = query
  const [typed, setTyped] = useState(host)
  const looked = useRead<DomainData>(place.api('/domain'), { host }, { isOff: host === '' })
  const isSame = typed.trim() === host
  const ask = (event: Event): void => {
    event.preventDefault()
    const wanted = typed.trim()
    if (wanted === host) return looked.readAgain()
    const search = wanted === '' ? '' : `?${new URLSearchParams({ host: wanted })}`
    route(`${place.href('/settings/domain')}${search}`)
  }
  const refused = isSame ? problemOf(looked.error) : undefined
  const record = isSame && !looked.error ? looked.data?.record : undefined
  return (
    <Section
      title={props.organisation.host === null ? 'A host of its own' : 'Another host'}
      lead="A record in the DNS shows that the name is yours. Nothing changes before you take the host."
    >
      <form class="form" noValidate onSubmit={ask}>
        <Field
          name="host"
          label="Host"
          hint="Such as id.example.com. Point it at this installation, and see to its TLS certificate."
          placeholder="id.example.com"
          value={typed}
          problem={refused}
          isCode
          onChange={setTyped}
        />
        <div class="actions">
          <Button
            type="submit"
            isBusy={looked.isReading && !record}
            isDisabled={typed.trim() === ''}
          >
            Show the record
          </Button>
        </div>
      </form>
      {looked.error && isSame && refused === undefined && (
        <Fault error={looked.error} onRetry={looked.readAgain} />
      )}
      {record && <Record {...props} record={record} looked={looked} />}
    </Section>
  )
}

function problemOf(error: Error | undefined): string | undefined {
  const [detail] = error instanceof ApiError ? error.details : []
  return detail && `The host ${detail.message}.`
}

function Record(props: Props & { record: HostRecord; looked: Reading<DomainData> }) {
  const { record, looked } = props
  const [isOpen, setOpen] = useState(false)
  const isReady = record.found || !record.needed
  const state = stateOf(record)
  useEffect(() => {
    // Each time that it was looked up, also when nothing has changed.
    if (!looked.isReading) announce(`${state.word}.`)
  }, [looked.isReading])
  return (
    <>
      <div>
        <StatusWord {...state} />
      </div>
      {record.needed && (
        <>
          <p>Have this record made where the DNS of {record.host} is looked after:</p>
          <Facts
            facts={[
              { name: 'Type', value: record.type, copy: record.type },
              { name: 'Name', value: record.name, copy: record.name },
              { name: 'Value', value: record.value, copy: record.value },
            ]}
          />
          <p class="small">
            It can take an hour until it is seen everywhere. It may stay when the host is yours.
          </p>
        </>
      )}
      <div class="actions">
        {record.needed && (
          <Button isBusy={looked.isReading} busyLabel="Looking …" onClick={looked.readAgain}>
            Check again
          </Button>
        )}
        {isReady && (
          <Button look="primary" onClick={() => setOpen(true)}>
            Take {record.host}
          </Button>
        )}
      </div>
      {isOpen && <Take {...props} host={record.host} onClose={() => setOpen(false)} />}
    </>
  )
}

function stateOf({ found, needed }: HostRecord) {
  if (!needed) return { word: 'This name needs no record', tone: 'good' as const }
  return found
    ? { word: 'The record is there', tone: 'good' as const }
    : { word: 'The record is not there yet', tone: 'warn' as const }
}

function Take(props: Props & { host: string; onClose(): void }) {
  const { organisation, reading, host, onClose } = props
  const { api } = useParts()
  const place = useOrganisation()
  const { route } = useLocation()
  return (
    <ConfirmDialog
      title={`Take ${host}?`}
      action="Take the host"
      look="primary"
      keep="Not now"
      run={() =>
        api
          .send<Organisation>('PUT', place.api('/domain'), {
            body: { host },
            version: reading.version,
          })
          .catch(retold({ readAgain: reading.readAgain }))
      }
      changes={[place.api('')]}
      onDone={({ issuer }) => {
        notify(`The issuer is ${issuer} now.`)
        route(place.href('/settings/domain'), true)
      }}
      onClose={onClose}
    >
      <p>The issuer of {organisation.name} changes within two seconds, and with it:</p>
      <ul>
        <li>Every client has to be told of the new issuer, or its sign-ins fail.</li>
        <li>Access tokens that name the old one are refused.</li>
        <li>Who is signed in signs in again: cookies belong to the host.</li>
        <li>
          {organisation.host === null
            ? `Pages below ${organisation.issuer} lead to the new host.`
            : `${organisation.host} answers 404.`}
        </li>
        <li>Refresh tokens go on at the new issuer.</li>
      </ul>
    </ConfirmDialog>
  )
}
