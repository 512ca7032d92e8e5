// An instant as people read it: in the browser's own time zone, the exact one on demand.

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** `at` is ISO 8601, or null for what never was. */
export function Moment({ at, isDay = false }: { at: string | null; isDay?: boolean }) {
  if (at === null) return <span class="soft">Never</span>
  return (
    <time dateTime={at} title={at}>
      {(isDay ? day : moment).format(new Date(at))}
    </time>
  )
}
