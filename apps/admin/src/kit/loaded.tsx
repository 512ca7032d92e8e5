// What was read, or what to show until it is there, or why it is not.

import type { ComponentChildren } from 'preact'
import type { Reading } from '../state/queries.ts'
import { Fault } from './fault.tsx'
import { Skeleton } from './skeleton.tsx'

export function Loaded<Data>(props: {
  reading: Reading<Data>
  /** Lines that stand for what will come. */
  lines?: number
  children: (data: Data) => ComponentChildren
}) {
  const { data, error, readAgain } = props.reading
  return (
    <>
      {error && <Fault error={error} onRetry={readAgain} />}
      {data !== undefined && props.children(data)}
      {data === undefined && !error && <Skeleton lines={props.lines ?? 4} />}
    </>
  )
}
