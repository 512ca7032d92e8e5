// The picture on the shop's front.

/** As wide as any screen: it is drawn beyond the picture's edges. */
const SEA = `M-2190 244q36-16 73 0${'t73 0'.repeat(66)}V301H-2190z`

export function Bicycle() {
  return (
    <svg class="bicycle" viewBox="0 0 440 300" aria-hidden="true">
      <circle class="sun" cx="316" cy="104" r="84" />
      <path class="sea" d={SEA} />
      <g class="wheels">
        <circle cx="118" cy="206" r="62" />
        <circle cx="322" cy="206" r="62" />
      </g>
      <path
        class="frame"
        d="M118 206h88l80-86M118 206l60-84M206 206 174 92M178 122h108M322 206 282 88M146 92h46M282 88l-8-20q28-14 46 4"
      />
      <circle class="hub" cx="206" cy="206" r="13" />
    </svg>
  )
}
