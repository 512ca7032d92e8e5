// The shop's name, and who is signed in.

import type { ComponentChildren } from 'preact'

export function Masthead({ children }: { children?: ComponentChildren }) {
  return (
    <header class="masthead">
      <a class="shop" href="/demo/">
        <img src="/demo/bike.svg" alt="" width="36" height="36" />
        Bayside Bikes
      </a>
      {children}
    </header>
  )
}
