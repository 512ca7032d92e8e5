// The shop's name, and the way out for who is signed in.

import type { ComponentChildren } from 'preact'

export function Masthead({ children }: { children?: ComponentChildren }) {
  return (
    <header class="band">
      <div class="wide masthead">
        <a class="shop" href="/demo/">
          <img src="/demo/bike.svg" alt="" width="40" height="40" />
          Bayside Bikes
        </a>
        {children}
      </div>
    </header>
  )
}
