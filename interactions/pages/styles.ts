// The look of the pages: one style sheet, inline, allowed by its hash. Colours and radii are variables.

export const styles = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#15181c, #f3f4f6);
  --soft: light-dark(#59626c, #a3acb5);
  --page: light-dark(#f5f6f7, #0f1113);
  --card: light-dark(#ffffff, #181b1e);
  --line: light-dark(#d9dde1, #33393f);
  --field: light-dark(#ffffff, #121416);
  --accent: light-dark(#15181c, #f3f4f6);
  --on-accent: light-dark(#ffffff, #15181c);
  --focus: light-dark(#2f6feb, #7aa7ff);
  --bad: light-dark(#b3261e, #ff9a92);
  --radius: 12px;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--page); color: var(--ink);
  font: 400 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif;
  display: grid; grid-template-rows: 1fr auto; justify-items: center;
}
main {
  align-self: center; width: 100%; max-width: 440px; padding: 40px; margin: 48px 0 24px;
  background: var(--card); border: 1px solid var(--line); border-radius: 20px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px rgb(0 0 0 / .06);
}
.brand { display: flex; align-items: center; gap: 12px; margin: 0 0 32px; font-weight: 600; }
.brand span:last-child { overflow-wrap: anywhere; }
.tile {
  flex: none; width: 36px; height: 36px; border-radius: 10px; display: grid; place-items: center;
  background: var(--accent); color: var(--on-accent); font-size: 17px; font-weight: 650;
}
h1 { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; text-wrap: balance; }
p { margin: 0; }
.intro { margin-top: 6px; color: var(--soft); overflow-wrap: anywhere; }
.intro b { color: var(--ink); font-weight: 600; unicode-bidi: isolate; }
form.way { margin-top: 28px; }
label { display: block; margin-bottom: 8px; font-size: 15px; font-weight: 550; }
input[type=email], input[type=text] {
  width: 100%; height: 52px; padding: 0 16px; border: 1px solid var(--line); border-radius: var(--radius);
  background: var(--field); color: inherit; font: inherit; font-size: 17px;
}
input.code {
  height: 64px; text-align: center; font: 600 30px/1 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
  letter-spacing: .32em; padding-inline: .32em 0; font-variant-numeric: tabular-nums; direction: ltr;
}
input[aria-invalid=true] { border-color: var(--bad); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
input:focus-visible { outline-offset: 0; border-color: transparent; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 44px; padding: 0 16px;
  border: 0; border-radius: var(--radius); background: none; color: var(--ink); font: inherit;
  font-weight: 550; text-decoration: none; cursor: pointer; text-align: center;
}
.primary { width: 100%; min-height: 52px; margin-top: 16px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.primary:hover { opacity: .9; }
.primary:active { opacity: .8; }
.quiet { color: var(--soft); font-size: 15px; padding: 0 8px; }
.quiet:hover { color: var(--ink); text-decoration: underline; text-underline-offset: 3px; }
.quiet[disabled] { cursor: default; opacity: .6; text-decoration: none; }
.hint { margin-top: 12px; font-size: 14px; color: var(--soft); }
.problem { margin-top: 10px; font-size: 15px; color: var(--bad); }
.ways { display: flex; flex-wrap: wrap; gap: 4px 8px; margin: 20px -8px -12px; }
ul.scopes { margin: 12px 0 0; padding: 0; list-style: none; }
ul.scopes li { display: flex; gap: 12px; padding: 12px 0; border-bottom: 1px solid var(--line); }
ul.scopes li::before { content: ''; flex: none; width: 18px; height: 10px; margin-top: 4px; border: solid var(--ink); border-width: 0 0 2px 2px; transform: rotate(-45deg) scale(.7); }
.list { margin-top: 28px; font-weight: 550; }
dl { margin: 24px 0 0; font-size: 14px; color: var(--soft); }
dt { font-weight: 550; }
dd { margin: 2px 0 12px; color: var(--ink); font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
footer { padding: 8px 16px 32px; }
footer ul { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px; margin: 0; padding: 0; list-style: none; }
footer a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 12px; color: var(--soft); font-size: 14px; text-decoration: none; border-radius: var(--radius); }
footer a:hover { color: var(--ink); text-decoration: underline; text-underline-offset: 3px; }
footer a[aria-current] { color: var(--ink); font-weight: 550; }
@media (max-width: 520px) {
  body { background: var(--card); }
  main { align-self: start; max-width: none; margin: 0; padding: 28px 20px 16px; border: 0; border-radius: 0; box-shadow: none; }
}
@media (forced-colors: active) { .primary { border: 1px solid; } main { border: 1px solid; } }
@media (prefers-reduced-motion: no-preference) { .primary { transition: opacity .12s; } }
`
