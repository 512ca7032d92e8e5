// The shop's front: what it offers, and the way in.

import { useEffect, useRef, useState } from 'preact/hooks'

const offers = [
  { name: 'Harbour', text: 'Seven gears, upright, a basket for the market.', price: '£9 a day' },
  { name: 'Ridge', text: 'Electric, for the cliff path and back.', price: '£24 a day' },
  { name: 'Tandem', text: 'Two seats. Somebody has to steer.', price: '£18 a day' },
]

export function Landing(props: {
  brand: string
  notice?: string | undefined
  onSignIn(): Promise<void>
}) {
  const { brand, notice, onSignIn } = props
  const [isLeaving, setLeaving] = useState(false)
  const note = useRef<HTMLParagraphElement>(null)
  useEffect(() => note.current?.focus(), [notice])

  const leave = (): void => {
    setLeaving(true)
    onSignIn().catch(() => setLeaving(false))
  }

  return (
    <>
      {notice && (
        <p class="notice" role="status" tabIndex={-1} ref={note}>
          {notice}
        </p>
      )}
      <section class="hero">
        <div>
          <h1>Hire a bike for the bay</h1>
          <p class="lead">Guests of {brand} ride at the house rate. Sign in, and we know you.</p>
          <button type="button" class="button" onClick={leave} disabled={isLeaving}>
            Continue with {brand}
          </button>
          <p class="small">No password: {brand} sends a code to your e-mail.</p>
        </div>
        <Bicycle />
      </section>
      <ul class="offers">
        {offers.map((offer) => (
          <li key={offer.name}>
            <h2>{offer.name}</h2>
            <p>{offer.text}</p>
            <p class="price">{offer.price}</p>
          </li>
        ))}
      </ul>
    </>
  )
}

function Bicycle() {
  return (
    <svg class="bicycle" viewBox="0 0 420 300" aria-hidden="true">
      <circle class="sun" cx="300" cy="96" r="62" />
      <path
        class="sea"
        d="M0 236q35-16 70 0t70 0 70 0 70 0 70 0 70 0v34q0 30-30 30H30q-30 0-30-30z"
      />
      <g class="frame">
        <circle cx="112" cy="204" r="58" />
        <circle cx="308" cy="204" r="58" />
        <path d="M112 204h84l78-84M112 204l58-82M196 204l-32-112M170 122h102M308 204l-38-116M140 92h44M270 88l-6-18q26-14 44 4" />
      </g>
    </svg>
  )
}
