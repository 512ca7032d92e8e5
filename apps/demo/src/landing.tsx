// The shop's front: what it offers, and the way in.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Bicycle } from './bicycle.tsx'
import { Masthead } from './masthead.tsx'

const offers = [
  { name: 'Harbour', text: 'Seven gears, upright, a basket for the market.', price: '£9 a day' },
  { name: 'Ridge', text: 'Electric, for the cliff path and back.', price: '£24 a day' },
  { name: 'Tandem', text: 'Two seats. Somebody has to steer.', price: '£18 a day' },
]

export function Landing(props: {
  brand: string
  shop: string | undefined
  notice: string | undefined
  onSignIn(): Promise<void>
}) {
  const { brand } = props
  const [notice, setNotice] = useState(props.notice)
  const note = useRef<HTMLParagraphElement>(null)
  useLayoutEffect(() => note.current?.focus(), [notice])

  const leave = (): void => {
    props
      .onSignIn()
      .catch(() => setNotice('This browser cannot sign in here: that needs a secure connection.'))
  }

  return (
    <>
      <Masthead />
      <main>
        <div class="band">
          <div class="wide hero">
            <div>
              {notice && (
                <p class="notice" role="status" tabIndex={-1} ref={note}>
                  {notice}
                </p>
              )}
              <h1>Hire a bike for the bay</h1>
              <p class="lead">
                Guests of {brand} ride at the house rate. Sign in, and we know you.
              </p>
              <button type="button" class="button" onClick={leave}>
                Sign in with {brand}
              </button>
              <p class="small">No password: {brand} sends you a code.</p>
              {props.shop && (
                <p class="small">
                  Or sign in without leaving the page:{' '}
                  <a href={`${props.shop}/`}>the shop on another site</a>.
                </p>
              )}
            </div>
            <Bicycle />
          </div>
        </div>
        <ul class="wide offers">
          {offers.map((offer) => (
            <li key={offer.name}>
              <h2>{offer.name}</h2>
              <p>{offer.text}</p>
              <p class="price">{offer.price}</p>
            </li>
          ))}
        </ul>
      </main>
    </>
  )
}
