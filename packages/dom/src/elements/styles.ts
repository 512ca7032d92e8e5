// The look of both elements: one style sheet made in script, which `style-src` does not forbid.

/** Colours follow the page's `color-scheme`, or the element's `theme`; lengths follow the page's font. */
const rules = `
:host{--a:var(--foyer-accent,light-dark(#21493d,#bcdccd));--r:var(--foyer-radius,12px);display:block}
:host([theme=auto]){color-scheme:light dark}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box;margin:0}
div,details{font-family:var(--foyer-font,inherit);line-height:1.5;color:var(--foyer-text,CanvasText)}
div{max-width:28em;padding:var(--foyer-padding,clamp(1em,8%,2em));overflow-wrap:anywhere;background:var(--foyer-background,Canvas);border:1px solid color-mix(in srgb,currentColor 18%,#0000);border-radius:calc(var(--r)*1.5)}
.waiting{visibility:hidden;animation:show 0s 1s forwards}
@keyframes show{to{visibility:visible}}
h2{font-family:var(--foyer-heading-font,inherit);font-size:1.5em;line-height:1.25}
h2+p{margin-block:.5em 1.5em;opacity:.8}
h2,bdi,label,summary,form button,li a{font-weight:600}
label{display:block;margin-bottom:.5em}
input,button,summary,a{min-height:max(44px,2.75em);border:1px solid #0000;border-radius:var(--r);font:inherit;color:inherit;background:none}
button{padding:0;cursor:pointer}
input,form button{width:100%;height:3.25em}
input{padding:0 1em;border-color:color-mix(in srgb,currentColor 60%,#0000);font-size:max(16px,1em)}
[name=code]{padding:0 0 0 .4em;font:500 1.625em/1 ui-monospace,monospace;letter-spacing:.4em;text-align:center}
:focus-visible{outline:2px solid var(--a);outline-offset:2px}
h2:focus{outline:0}
[role=alert]{color:var(--foyer-error,light-dark(#a32d1d,#ffa091))}
form [role=alert]{margin-block:.5em 1em}
form button,span{background:var(--a);color:var(--foyer-on-accent,light-dark(#fff,#14251e))}
[aria-busy=true] button{opacity:.8}
[aria-disabled=true]{opacity:.6;cursor:default}
div>button{margin-block:.5em -.5em;margin-inline-end:1.5em;opacity:.8}
ul{padding:0;list-style:none}
li a{display:flex;align-items:center;color:var(--a)}
[role=status]{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
details{position:relative;width:fit-content;max-width:100%}
summary::after{content:'▾'/''}
summary{display:flex;gap:.5em;align-items:center;padding:.25em .5em;cursor:pointer}
span{flex:none;width:2.25em;line-height:2.25em;border-radius:50%;text-align:center}
[part=name]{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
details div{position:absolute;z-index:9;inset-inline-end:0;width:max-content;max-width:90vw;padding:.5em}
details :is(a,button){display:flex;align-items:center;width:100%;padding:0 1em;margin:0;opacity:1;text-decoration:none}
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
