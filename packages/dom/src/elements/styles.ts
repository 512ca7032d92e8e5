// The look of both elements: one style sheet made in script, which `style-src` does not forbid.

/** Colours follow the page's `color-scheme`, or the element's `theme`; lengths follow the page's font. */
const rules = `
:host{--a:var(--foyer-accent,light-dark(#21493d,#bcdccd));--r:var(--foyer-radius,12px);display:block}
:host([theme]){color-scheme:light dark}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box;margin:0}
div,section{font-family:var(--foyer-font,inherit);line-height:1.5;color:var(--foyer-text,CanvasText);overflow-wrap:anywhere}
div{max-width:28em;padding:var(--foyer-padding,clamp(1em,8%,2em));background:var(--foyer-background,Canvas);border:1px solid color-mix(in srgb,currentColor 20%,#0000);border-radius:calc(var(--r)*1.5)}
.waiting{visibility:hidden;animation:show 0s 1s both}
@keyframes show{to{visibility:visible;box-shadow:inset 0 -4px}}
h2{font-size:1.5em;line-height:1.25}
h2+p{margin-block:.5em 1.5em;opacity:.8}
h2,bdi,label,form button,p a{font-weight:600}
label{display:block;margin-bottom:.5em}
input,button,a{min-height:max(44px,2.75em);padding:0;border:1px solid #0000;border-radius:var(--r);font:inherit;color:inherit;background:none}
input,form button{width:100%;min-height:3.25em}
input{padding:0 1em;border-color:color-mix(in srgb,currentColor 60%,#0000);font-size:max(16px,1em)}
[name=code]{font:500 1.625em ui-monospace,monospace;letter-spacing:.4em;text-align:center}
:focus-visible{outline:2px solid var(--a);outline-offset:2px}
h2{outline:0}
[role=alert]{margin-block:.5em 1em;color:var(--foyer-error,light-dark(#a32d1d,#ffa091))}
form button,span{background:var(--a);color:var(--foyer-on-accent,light-dark(#fff,#14251e))}
button{cursor:pointer}
div>button{margin-block:.5em -.5em;margin-inline-end:1.5em;opacity:.8}
[aria-busy] form button{opacity:.8;animation:show 1s infinite}
[aria-disabled=true]{opacity:.6;cursor:auto}
[role=status]{position:absolute;opacity:0;width:1px;height:1px;overflow:hidden}
section>button{gap:.5em;max-width:100%;text-align:start}
span{flex:none;width:2.5em;line-height:2.5em;border-radius:50%;text-align:center;text-transform:uppercase}
[popover]{margin:auto;padding:.5em;width:max-content;max-width:95vw}
@supports(position-area:end){[popover]{inset:auto;margin:.5em 0;position-area:self-end span-self-end;position-try:flip-inline}}
section>button,p a,[popover]>*{display:flex;align-items:center}
p a{color:var(--a)}
[popover]>*{width:100%;padding:0 1em;margin:0;opacity:1;text-decoration:none}
:is(a,div>button):hover{text-decoration:underline}
`

let made: CSSStyleSheet | undefined

/** The same for all elements. */
export function styleSheet(): CSSStyleSheet {
  if (made) return made
  made = new CSSStyleSheet()
  made.replaceSync(rules)
  return made
}
