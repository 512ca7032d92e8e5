// A number for each day as bars, and the same as a table for who reads instead of looks.

import { useId } from 'preact/hooks'

/** `day` is a date, such as `2026-11-21`. */
export type DayCount = { day: string; count: number }

const HEIGHT = 160
const WIDTH = 720
/** Of a day's place, what its bar takes. */
const FILLED = 0.68

const short = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const number = new Intl.NumberFormat()

export function DayChart({ days, label }: { days: readonly DayCount[]; label: string }) {
  const id = useId()
  const most = Math.max(1, ...days.map(({ count }) => count))
  const total = days.reduce((sum, { count }) => sum + count, 0)
  const nameOf = ({ day }: DayCount): string => short.format(new Date(day))
  const peak = days.find(({ count }) => count === most)
  const highest = peak && `, at most ${number.format(most)} on ${nameOf(peak)}`
  const summary =
    total === 0
      ? `none in ${days.length} days.`
      : `${number.format(total)} in ${days.length} days${highest ?? ''}.`
  const [first] = days
  const last = days.at(-1)
  return (
    <figure class="day-chart" aria-labelledby={id}>
      <figcaption id={id}>
        {label}: <span class="soft">{summary}</span>
      </figcaption>
      {total > 0 && (
        <>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            <Bars days={days} most={most} nameOf={nameOf} />
          </svg>
          <div class="ends" aria-hidden="true">
            <span>{first && nameOf(first)}</span>
            <span>{last && nameOf(last)}</span>
          </div>
        </>
      )}
      <details>
        <summary>As a table</summary>
        <table class="table plain">
          <caption class="unseen">{label}</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="number">
                Count
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map((each) => (
              <tr key={each.day}>
                <th scope="row">{nameOf(each)}</th>
                <td class="number">{number.format(each.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

function Bars(props: { days: readonly DayCount[]; most: number; nameOf(day: DayCount): string }) {
  const { days, most, nameOf } = props
  const place = WIDTH / Math.max(1, days.length)
  return (
    <>
      {days.map((each, index) => {
        // A day without any keeps a line to stand on.
        const height = each.count === 0 ? 2 : Math.max(4, (each.count / most) * HEIGHT)
        return (
          <rect
            key={each.day}
            class={each.count === 0 ? 'none' : undefined}
            x={index * place + (place * (1 - FILLED)) / 2}
            y={HEIGHT - height}
            width={place * FILLED}
            height={height}
          >
            <title>{`${nameOf(each)}: ${number.format(each.count)}`}</title>
          </rect>
        )
      })}
    </>
  )
}
