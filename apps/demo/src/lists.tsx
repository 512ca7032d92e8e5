// Bookings, orders and enquiries, a page at a time.

import type { Booking, Enquiry, Order } from '@foyer/contract'
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { type Api, type Page, sentenceOf } from './api.ts'
import { formatDay, formatMoment, formatMoney } from './format.ts'

type ListProps = { api: Api; brand: string }

export function Bookings({ api, brand }: ListProps) {
  return (
    <List<Booking>
      title="Bookings"
      empty={`No bookings at ${brand} yet.`}
      load={api.bookings}
      row={(booking) => (
        <Row
          title={booking.service}
          detail={formatMoment(booking.starts_at, booking.time_zone)}
          status={booking.status}
          amount={formatMoney(booking.price)}
        />
      )}
    />
  )
}

export function Orders({ api, brand }: ListProps) {
  return (
    <List<Order>
      title="Orders"
      empty={`Nothing ordered at ${brand} yet.`}
      load={api.orders}
      row={(order) => (
        <Row
          title={order.lines
            .map(({ description, quantity }) => `${quantity} × ${description}`)
            .join(', ')}
          detail={`${order.number}, ${formatDay(order.placed_at)}`}
          status={order.status}
          amount={formatMoney(order.total)}
        />
      )}
    />
  )
}

export function Enquiries({ api, brand }: ListProps) {
  return (
    <List<Enquiry>
      title="Enquiries"
      empty={`You have not asked ${brand} anything.`}
      load={api.enquiries}
      row={(enquiry) => (
        <Row
          title={enquiry.subject}
          detail={enquiry.reply?.message ?? enquiry.message}
          status={enquiry.status}
          amount={formatDay(enquiry.created_at)}
        />
      )}
    />
  )
}

function Row(props: { title: string; detail: string; status: string; amount: string }) {
  return (
    <>
      <span class="title">{props.title}</span>
      <span class="amount">{props.amount}</span>
      <span class="detail">{props.detail}</span>
      <span class={`badge ${props.status}`}>{props.status.replace('_', ' ')}</span>
    </>
  )
}

function List<Item extends { id: string }>(props: {
  title: string
  empty: string
  load(cursor?: string): Promise<Page<Item>>
  row(item: Item): ComponentChildren
}) {
  const { title, empty, load, row } = props
  const [items, setItems] = useState<readonly Item[]>()
  const [cursor, setCursor] = useState<string | null>(null)
  const [problem, setProblem] = useState<string>()
  const id = `${title.toLowerCase()}-title`

  const more = useCallback(
    async (from?: string): Promise<void> => {
      try {
        const page = await load(from)
        setItems((known) => (from === undefined ? page.items : [...(known ?? []), ...page.items]))
        setCursor(page.next_cursor)
        setProblem(undefined)
      } catch (error) {
        setProblem(sentenceOf(error))
      }
    },
    [load],
  )
  useEffect(() => {
    more()
  }, [more])

  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {problem && (
        <p class="problem" role="alert">
          {problem}{' '}
          <button type="button" class="quiet" onClick={() => more()}>
            Try again
          </button>
        </p>
      )}
      {!items && !problem && <p class="small">Loading …</p>}
      {items?.length === 0 && <p class="small">{empty}</p>}
      <ul class="rows">
        {items?.map((item) => (
          <li key={item.id}>{row(item)}</li>
        ))}
      </ul>
      {cursor && (
        <button type="button" class="quiet" onClick={() => more(cursor)}>
          Show more <span class="unseen">{title.toLowerCase()}</span>
        </button>
      )}
    </section>
  )
}
