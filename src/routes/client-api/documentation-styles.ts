// The look of the Client API's page.

import { fonts, paletteStyles } from '../../shared/palette.ts'

export const documentationStyles = `
${paletteStyles}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 400 1rem/1.6 ${fonts.text}; overflow-wrap: anywhere; }
header, main { max-width: 52rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 4rem; }
main { padding-bottom: 6rem; }
h1, h2 { font-family: ${fonts.heading}; font-weight: 500; line-height: 1.2; letter-spacing: -.01em; }
h1 { margin: 0 0 .75rem; font-size: 2.5rem; }
h2 { margin: 4rem 0 .25rem; font-size: 1.625rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; }
h4, summary { font-size: .875rem; color: var(--soft); font-weight: 600; }
h4 { margin: 1.5rem 0 .25rem; }
p { margin: 0 0 .75rem; color: var(--soft); max-width: 65ch; text-wrap: pretty; }
header > p:first-of-type { margin-bottom: 1.5rem; font-size: 1.125rem; }
.after { margin-top: 1rem; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
code, pre { font: 500 .875rem/1.6 ${fonts.code}; color: var(--ink); }
p code, dd code { background: var(--tint); padding: .0625rem .3125rem; border-radius: .3125rem; }
pre { background: var(--tint); padding: .875rem 1rem; border-radius: .75rem; margin: 0; white-space: pre-wrap; }
nav ul { margin: 1.5rem 0 0; padding: 0; list-style: none; columns: 2; }
nav a { display: inline-flex; gap: .625rem; align-items: center; min-height: 2.75rem; text-decoration: none; }
nav a:hover { text-decoration: underline; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.5rem; margin: 1rem 0; scroll-margin-top: 1rem; }
article:target { border-color: var(--accent); }
article > :last-child, dd > :last-child { margin-bottom: 0; }
.method { flex: none; font: 600 .75rem/1 ${fonts.code}; padding: .3125rem .4375rem; border-radius: .375rem; background: var(--tint); color: var(--accent); }
summary { min-height: 2.75rem; margin-top: .75rem; display: list-item; padding-top: .625rem; cursor: pointer; }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; padding: .5rem 0; border-top: 1px solid var(--line); }
dl > div:first-child { border-top: 0; }
dl.answers > div { grid-template-columns: 3rem 1fr; }
dd { margin: 0; color: var(--soft); font-size: .9375rem; }
@media (max-width: 36rem) {
  header { padding-top: 2.5rem; } h1 { font-size: 2rem; } article { padding: 1.25rem 1rem; }
  nav ul { columns: 1; }
  dl:not(.answers) > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
`
