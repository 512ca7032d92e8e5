// Where somebody is signed in: a table of sessions, each of which can be ended.

import type { ComponentChildren } from 'preact'
import type { Listed } from '../../api.ts'
import { AskedAct } from '../../kit/asked-act.tsx'
import { Moment } from '../../kit/moment.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import type { List } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useRead } from '../../state/queries.ts'
import { OwnAccount } from './own-account.tsx'
import { type AccountSession, browserOf } from './person.ts'

export function SessionTable(props: {
  list: List<AccountSession>
  /** Names whose it is: not where all are of one account. */
  hasOwner?: boolean
  empty: ComponentChildren
}) {
  const { list, hasOwner = false, empty } = props
  const place = useOrganisation()
  const nameOf = useClientNames()
  const columns: Column<AccountSession>[] = [
    ...(hasOwner ? [ownerColumn(place.href)] : []),
    { title: 'Browser', cell: (session) => <Browser session={session} /> },
    {
      title: 'Signed in to',
      cell: ({ client_ids: ids }) => <Clients ids={ids} nameOf={nameOf} />,
    },
    { title: 'Last seen', cell: ({ last_seen_at }) => <Moment at={last_seen_at} /> },
    { title: 'Ends', cell: ({ expires_at }) => <Moment at={expires_at} isDay /> },
    ...(place.may('editor')
      ? [{ title: 'End it', cell: (session: AccountSession) => <EndSession session={session} /> }]
      : []),
  ]
  return (
    <Table caption="Sessions" list={list} keyOf={({ id }) => id} columns={columns} empty={empty} />
  )
}

function ownerColumn(href: (path: string) => string): Column<AccountSession> {
  return {
    title: 'Account',
    cell: ({ account_id: id, email }) => (
      <a href={href(`/accounts/${id}`)}>
        <bdi>{email ?? id}</bdi>
      </a>
    ),
  }
}

function Browser({ session }: { session: AccountSession }) {
  return (
    <span class="over">
      <span>{browserOf(session)}</span>
      <span class="small">
        since <Moment at={session.first_seen_at} isDay />
      </span>
    </span>
  )
}

type Named = { id: string; name: string }

/** Sessions name clients by their ids: the first hundred have names here, the others keep the id. */
function useClientNames(): (id: string) => string | undefined {
  const { data } = useRead<Listed<Named>>(useOrganisation().api('/clients'), { limit: 100 })
  const names = new Map(data?.items.map(({ id, name }) => [id, name]))
  return (id) => names.get(id)
}

function Clients(props: { ids: readonly string[]; nameOf(id: string): string | undefined }) {
  const { href } = useOrganisation()
  if (props.ids.length === 0) return <span class="soft">–</span>
  return (
    <span class="joined">
      {props.ids.map((id) => {
        const name = props.nameOf(id)
        return <span key={id}>{name ? <a href={href(`/clients/${id}`)}>{name}</a> : id}</span>
      })}
    </span>
  )
}

function EndSession({ session }: { session: AccountSession }) {
  const place = useOrganisation()
  const { api } = useParts()
  const whose = session.email ?? session.account_id
  const browser = browserOf(session)
  return (
    <AskedAct
      label="End"
      name={`End the session of ${whose} in ${browser}`}
      title="End this session?"
      action="End session"
      run={() => api.send('DELETE', place.api(`/sessions/${session.id}`))}
      changes={[place.api('/sessions'), place.api('/accounts')]}
      done={`${whose} is signed out in ${browser}.`}
    >
      <p>
        <bdi>{whose}</bdi> is signed out in {browser}, as if they did it there. The applications are
        told, and the session’s tokens are refused within seconds.
      </p>
      <p>They can sign in again. What they allowed applications to keep for longer stays.</p>
      <OwnAccount email={whose}>
        If it is this browser, you will be signed out of the console.
      </OwnAccount>
    </AskedAct>
  )
}
