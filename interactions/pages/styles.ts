// The look of the pages: one style sheet for each brand, inline, allowed by its hash.

import type { Look } from '../../src/shared/look.ts'
import { fonts, stylesOfPalette } from '../../src/shared/palette.ts'

const known = new WeakMap<Look, string>()

/** A brand is variables alone: the rules are the same for all. */
export function stylesOf(look: Look): string {
  const made = known.get(look) ?? `${variablesOf(look)}${rules}`
  known.set(look, made)
  return made
}

function variablesOf(look: Look): string {
  const { palette, only } = look
  return `${stylesOfPalette(palette, only)}
:root { --heading: ${look.fonts.heading}; --text: ${look.fonts.text}; --round: ${look.roundness}; --paper: ${palette.card.light}; }
${only === 'dark' ? plate : ''}${only ? '' : `@media (prefers-color-scheme: dark) { ${plate} }`}`
}

/** Where there is no logo for dark pages, the one for light ones lies on light paper. */
const plate = `.plate { background: var(--paper); padding: .625rem .875rem; border-radius: calc(.5rem * var(--round)); }`

const rules = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--page); color: var(--ink);
  font: 400 1rem/1.55 var(--text); overflow-wrap: anywhere;
  display: grid; grid-template: 1fr auto / minmax(0, 1fr); justify-items: center;
}
main {
  align-self: center; width: 100%; max-width: 28rem; padding: 2.75rem 2.5rem 2.25rem; margin: 3rem 0 1.5rem;
  background: var(--card); border: 1px solid var(--line); border-radius: calc(1.25rem * var(--round));
  box-shadow: 0 1px 2px rgb(60 40 10 / .04), 0 1.25rem 3rem -1rem rgb(60 40 10 / .12);
}
p, h1, ul, dl, dd { margin: 0; }
h1 { font: 500 1.875rem/1.2 var(--heading); letter-spacing: -.01em; text-wrap: balance; hyphens: auto; hyphenate-limit-chars: 12 4 4; }
h1:lang(ar) { font: 600 1.625rem/1.4 var(--text); letter-spacing: 0; }
.brand { display: flex; align-items: center; gap: .75rem; margin-bottom: 2.25rem; font-weight: 600; }
.tile {
  flex: none; width: 2.25rem; height: 2.25rem; border-radius: calc(.625rem * var(--round)); display: grid; place-items: center;
  background: var(--accent); border: 1px solid var(--accent-edge); color: var(--on-accent); font-size: 1.0625rem;
}
.logo { display: block; max-width: 100%; height: auto; }
.intro { margin-top: .5rem; color: var(--soft); text-wrap: pretty; }
.intro bdi { color: var(--ink); font-weight: 600; }
main > p:not([class]) { margin-top: 1rem; }
main > p + form { margin-top: 1rem; }
main > .way { margin-top: 1.75rem; }
label, .list, dt { font-weight: 600; font-size: .9375rem; }
label { display: block; margin-bottom: .5rem; }
input:not([type=hidden], [type=checkbox]) {
  width: 100%; min-height: 3.25rem; padding: 0 1rem; border: 1px solid var(--edge); border-radius: calc(.75rem * var(--round));
  background: var(--card); color: inherit; font: inherit; font-size: 1.0625rem;
}
/* One field, drawn as so many places: a digit is 1ch wide, its gap .5em. */
input.code {
  --digits: 6; --place: calc(1ch + .5em); --side: calc((100% - var(--digits) * var(--place)) / 2);
  min-height: 4.25rem; padding: 0 0 0 calc(var(--side) + .25em); direction: ltr; letter-spacing: .5em;
  font: 500 min(1.75rem, 8.4vw)/1 ${fonts.code};
  background: repeating-linear-gradient(90deg, transparent 0 .2em, var(--edge) .2em calc(var(--place) - .2em), transparent 0 var(--place)) 50% calc(50% + .85em) / calc(var(--digits) * var(--place)) 2px no-repeat var(--card);
}
.code[data-digits='7'] { --digits: 7; }
.code[data-digits='8'] { --digits: 8; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
input:not([type=checkbox]):focus-visible { outline-offset: -1px; border-color: transparent; box-shadow: 0 0 0 .25rem color-mix(in srgb, var(--link) 16%, transparent); }
input[aria-invalid] { border-color: var(--bad); }
input[aria-invalid]:focus-visible { outline-color: var(--bad); box-shadow: 0 0 0 .25rem color-mix(in srgb, var(--bad) 14%, transparent); }
.choice { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; margin: 0; font-weight: 500; cursor: pointer; }
.choice input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--link); }
.choice span { padding-block: .25rem; }
.consequence { margin: -.25rem 0 1.5rem; padding-inline-start: 2rem; font-size: .875rem; color: var(--soft); }
.problem { display: flex; gap: .5rem; margin-top: .625rem; font-size: .9375rem; color: var(--bad); }
.problem::before {
  content: '!'; content: '!' / ''; flex: none; width: 1.125rem; height: 1.125rem; margin-top: .1875rem; border-radius: 50%;
  background: var(--bad); color: var(--card); font: 700 .8125rem/1.125rem var(--text); text-align: center;
}
.notice { margin-top: 1.5rem; padding: .75rem 1rem; border-radius: calc(.75rem * var(--round)); background: var(--tint); font-size: .9375rem; }
.hint { margin-top: .875rem; font-size: .875rem; color: var(--soft); }
.hint a { color: var(--ink); text-underline-offset: .25em; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: .25rem 1rem;
  border: 1px solid transparent; border-radius: calc(.75rem * var(--round)); background: none; color: var(--ink); font: inherit;
  font-weight: 600; line-height: 1.3; text-decoration: none; text-align: center; cursor: pointer;
}
.primary, .second { width: 100%; min-height: 3.25rem; padding-block: .5rem; }
.primary { margin-top: 1rem; background: var(--accent); border-color: var(--accent-edge); color: var(--on-accent); }
p .primary { margin-top: 0; }
.primary:is(:hover, :active) { background: var(--accent-hover); }
.second { margin-top: .75rem; border-color: var(--edge); }
.second:hover { background: var(--tint); }
.quiet { padding: .25rem .625rem; color: var(--soft); font-size: .9375rem; font-weight: 500; }
.quiet:hover, footer a:hover { color: var(--ink); text-decoration: underline; text-underline-offset: .25em; }
[aria-busy] { position: relative; cursor: progress; opacity: .8; }
/* At the lower edge, where there are no words however large they are. */
[aria-busy]::after { content: ''; position: absolute; inset: auto 1rem .25rem; border-block-end: 2px solid; opacity: 0; animation: show 0s .3s forwards; }
.quiet[aria-busy] { text-decoration: none; }
.quiet[aria-busy]::after { inset: auto .625rem .375rem; }
.wait { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
@keyframes show { to { opacity: 1; } }
@keyframes grow { from { scale: .1 1; } }
[disabled] { cursor: default; opacity: .55; pointer-events: none; }
.ways { display: flex; flex-wrap: wrap; gap: 0 .25rem; margin: 1.25rem -.625rem -.75rem; }
.list { margin-top: 2rem; }
.documents { margin-top: 1.5rem; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.documents li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; padding: .25rem 0; border-bottom: 1px solid var(--line); }
.documents a { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--link); font-weight: 600; }
.documents span { color: var(--soft); font-size: .875rem; }
.wide { max-width: 46rem; align-self: start; }
.notice a, .text a { color: var(--link); }
.text { margin-top: 2rem; line-height: 1.65; }
.text > * + * { margin-top: 1em; }
.text :is(h2, h3, h4, h5, h6) { margin: 2em 0 0; font: 600 1.125rem/1.4 ${fonts.text}; }
.text h2 { font-size: 1.3125rem; }
.text :is(ul, ol) { padding-inline-start: 1.5rem; }
.text li + li { margin-top: .375em; }
.text blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); color: var(--soft); }
.text hr { border: 0; border-top: 1px solid var(--line); }
.text :is(code, pre) { font: .875em/1.5 ${fonts.code}; white-space: pre-wrap; }
.text table { display: block; overflow-x: auto; border-collapse: collapse; }
.text :is(th, td) { padding: .5rem .75rem; border: 1px solid var(--line); text-align: start; }
.scopes { margin-top: .5rem; padding: 0; list-style: none; }
.scopes li { display: flex; gap: .875rem; padding: .5625rem 0; border-bottom: 1px solid var(--line); line-height: 1.45; }
.scopes li::before {
  content: ''; flex: none; width: .875rem; height: .4375rem; margin-top: .4375rem;
  border: solid var(--link); border-width: 0 0 2px 2px; transform: rotate(-45deg);
}
dl { margin-top: 2rem; padding-top: 1.25rem; border-top: 1px solid var(--line); display: grid; gap: .875rem; }
dt { font-size: .875rem; color: var(--soft); }
dd { font: .8125rem/1.5 ${fonts.code}; }
.plain dd { font: inherit; }
.plain dd span { display: block; color: var(--soft); font-size: .875rem; }
.plain dd + dd { margin-top: .25rem; }
.spoken { font-size: 1.0625rem; letter-spacing: .03em; }
footer { padding: .5rem 1rem 2rem; }
footer ul { display: flex; flex-wrap: wrap; justify-content: center; padding: 0; list-style: none; }
footer a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 .75rem; border-radius: calc(.75rem * var(--round)); color: var(--soft); font-size: .875rem; text-decoration: none; hyphens: auto; }
footer [aria-current] { color: var(--ink); font-weight: 600; }
@media (max-width: 33rem) {
  main { align-self: start; max-width: none; margin: 0; padding: 1.75rem 1.25rem 1rem; border: 0; border-radius: 0; background: none; box-shadow: none; }
}
@media (forced-colors: active) { .primary, .tile { border: 1px solid; } [disabled] { color: GrayText; opacity: 1; } .ways { gap: .5rem; margin-inline: 0; } }
@media (prefers-reduced-motion: no-preference) { button, .button, input { transition: background-color .15s, box-shadow .15s; } [aria-busy]::after { animation: show 0s .3s forwards, grow .8s ease-in-out infinite alternate; } }
`
