// A table of what a list holds, page by page. On a narrow screen each row becomes a card.

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { List } from '../state/list.ts'
import { Fault } from './fault.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { Skeleton } from './skeleton.tsx'

export type Column<Item> = {
  title: string
  cell(item: Item): ComponentChildren
  isNumber?: boolean
}

export function Table<Item>(props: {
  /** What it lists, for screen readers: "Clients". */
  caption: string
  list: List<Item>
  /** The first names the row; put the link to the item there. */
  columns: readonly Column<Item>[]
  keyOf(item: Item): string
  /** Where there is nothing at all: an `EmptyState`. */
  empty: ComponentChildren
  /** What a row opens to, where there is more to say than fits in it. */
  detail?(item: Item): ComponentChildren
}) {
  const { caption, list, columns, keyOf, empty, detail } = props
  const { data, error, readAgain, isReading } = list
  const place = useKeptFocus<HTMLTableElement>()
  if (error && !data) return <Fault error={error} onRetry={readAgain} />
  if (!data) return <Skeleton lines={6} />
  if (data.items.length === 0) return list.hasFilters ? <NothingFound list={list} /> : empty
  return (
    <>
      {error && <Fault error={error} onRetry={readAgain} />}
      <table ref={place} class="table" aria-busy={isReading}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
            {detail && (
              <th scope="col">
                <span class="unseen">More</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {data.items.map((item) => (
            <Row key={keyOf(item)} item={item} columns={columns} detail={detail} />
          ))}
        </tbody>
      </table>
      <Pages list={list} caption={caption} />
    </>
  )
}

function Row<Item>(props: {
  item: Item
  columns: readonly Column<Item>[]
  detail: ((item: Item) => ComponentChildren) | undefined
}) {
  const { item, columns, detail } = props
  const [first, ...others] = columns
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <tr>
        <th scope="row" id={`${id}-name`}>
          {first?.cell(item)}
        </th>
        {others.map(({ title, cell, isNumber }) => (
          <td key={title} data-title={title} class={isNumber ? 'number' : undefined}>
            {cell(item)}
          </td>
        ))}
        {detail && (
          <td data-title="">
            <button
              type="button"
              class="button quiet"
              aria-expanded={isOpen}
              aria-controls={isOpen ? id : undefined}
              aria-describedby={`${id}-name`}
              onClick={() => setOpen(!isOpen)}
            >
              Details
            </button>
          </td>
        )}
      </tr>
      {detail && isOpen && (
        <tr class="detail" id={id}>
          <td colSpan={columns.length + 1}>{detail(item)}</td>
        </tr>
      )}
    </>
  )
}

function NothingFound<Item>({ list }: { list: List<Item> }) {
  return (
    <div class="empty" role="status">
      <p class="lead">Nothing fits what you are looking for.</p>
      <button type="button" class="button second" onClick={list.clearFilters}>
        Show everything
      </button>
    </div>
  )
}

function Pages<Item>({ list, caption }: { list: List<Item>; caption: string }) {
  const { first, previous, next } = list.pages
  if (first === undefined && next === undefined) return null
  return (
    <nav class="pages" aria-label={`Pages of ${caption.toLowerCase()}`}>
      {first !== undefined && first !== previous && (
        <a class="button quiet" href={first}>
          First page
        </a>
      )}
      {previous !== undefined && (
        <a class="button second" href={previous} rel="prev">
          Previous
        </a>
      )}
      {next !== undefined && (
        <a class="button second" href={next} rel="next">
          Next
        </a>
      )}
    </nav>
  )
}
