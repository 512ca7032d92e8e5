// The API keys of an organisation; for platform owners also those that work in all of them.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { useWholeList } from '../../state/list.ts'
import { type Place, useOperator, useOrganisation } from '../../state/operator.ts'
import { roleWord } from '../operators/operator.ts'
import { type ApiKey, pathOf, type Reach, stateOf } from './api-key.ts'
import { RevokeApiKey } from './revoke-api-key.tsx'
import { scopeWords } from './scopes.ts'

export function ApiKeyList() {
  const place = useOrganisation()
  const { isPlatformOwner } = useOperator()
  const add = (
    <ButtonLink href={place.href('/api-keys/new')} look="primary">
      New API key
    </ButtonLink>
  )
  return (
    <Page
      title="API keys"
      lead="What programs show to the Admin API. A key stays when the operator who made it leaves."
      actions={add}
    >
      <Keys
        reach="organisation"
        caption="API keys"
        empty={
          <EmptyState
            action={add}
            command={`npm run -s foyer -- api-keys create --organisation ${place.slug} --name "Nightly export" --role viewer --scope customers:read`}
          >
            No program has a key to {place.name} yet. One needs a name, a role and scopes.
          </EmptyState>
        }
      />
      {isPlatformOwner && (
        <>
          <h2 class="over-table">In all organisations</h2>
          <Keys
            reach="platform"
            caption="API keys in all organisations"
            empty={
              <EmptyState
                command={
                  'npm run -s foyer -- api-keys create --platform --name "Provisioning" --role owner --scope organisations:write'
                }
              >
                No program has a key to all organisations.
              </EmptyState>
            }
          />
        </>
      )}
    </Page>
  )
}

function Keys(props: { reach: Reach; caption: string; empty: ComponentChildren }) {
  const { reach, caption, empty } = props
  const place = useOrganisation()
  const path = pathOf(reach, place)
  const list = useWholeList<ApiKey>(path)
  const [revoked, setRevoked] = useState<ApiKey>()
  return (
    <>
      <Table
        caption={caption}
        list={list}
        keyOf={({ id }) => id}
        columns={columnsOf(place, setRevoked)}
        empty={empty}
      />
      {revoked && (
        <RevokeApiKey apiKey={revoked} path={path} onClose={() => setRevoked(undefined)} />
      )}
    </>
  )
}

function columnsOf(place: Place, onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    {
      title: 'Name',
      cell: ({ id, name, prefix, hint, created_at }) => (
        <span class="two-lines">
          <bdi>{name}</bdi>
          <span class="small">
            <code>
              {prefix}…{hint}
            </code>
            , made <Moment at={created_at} isDay />
          </span>
          <a
            class="small"
            href={place.href(`/audit?actor=${id}`)}
            aria-label={`What it did: ${name}`}
          >
            What it did
          </a>
        </span>
      ),
    },
    { title: 'State', cell: (key) => <StatusWord {...stateOf(key)} /> },
    {
      title: 'May do',
      cell: ({ role, scopes }) => (
        <details class="scopes-held">
          <summary>
            {roleWord(role)}, {scopes.length === 1 ? 'one scope' : `${scopes.length} scopes`}
          </summary>
          <ul class="small">
            {scopeWords(scopes).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </details>
      ),
    },
    { title: 'Expires', cell: ({ expires_at }) => <Moment at={expires_at} isDay /> },
    { title: 'Last used', cell: ({ last_used_at }) => <Moment at={last_used_at} /> },
    {
      title: 'Actions',
      cell: (key) => (
        <Button look="danger" label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      ),
    },
  ]
}
