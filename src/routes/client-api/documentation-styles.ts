// The look of the Client API's page.

export const documentationStyles = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#15181c, #f0f2f4); --soft: light-dark(#59626c, #a3acb5);
  --page: light-dark(#ffffff, #111316); --tint: light-dark(#f4f5f7, #1b1f23);
  --line: light-dark(#dfe3e7, #2d3338); --link: light-dark(#1d5bd6, #8ab4ff);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 400 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
header, main { max-width: 860px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 64px; }
h1 { margin: 0 0 8px; font-size: 36px; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 56px 0 4px; font-size: 24px; letter-spacing: -.01em; }
h3 { margin: 0 0 8px; font-size: 18px; display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap; }
h4 { margin: 20px 0 4px; font-size: 13px; color: var(--soft); font-weight: 600; }
p { margin: 0 0 12px; color: var(--soft); max-width: 68ch; }
header > p:first-of-type { font-size: 18px; }
.base span { margin-inline-end: 8px; }
a { color: var(--link); text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 500 14px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; color: var(--ink); overflow-wrap: anywhere; }
p code, dd code { background: var(--tint); padding: 1px 5px; border-radius: 5px; }
pre { background: var(--tint); padding: 14px 16px; border-radius: 10px; overflow-x: auto; margin: 0; }
article { border: 1px solid var(--line); border-radius: 14px; padding: 22px 24px; margin: 16px 0; }
article:target { border-color: var(--link); }
.method { font: 650 13px/1 ui-monospace, Menlo, Consolas, monospace; padding: 5px 8px; border-radius: 6px; background: var(--tint); }
.get { color: light-dark(#0b6b3a, #6fd39b); } .patch { color: light-dark(#8a5200, #f0b45a); } .post { color: light-dark(#1d5bd6, #8ab4ff); }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 160px 1fr; gap: 12px; padding: 8px 0; border-top: 1px solid var(--line); }
dl > div:first-child { border-top: 0; }
dd { margin: 0; color: var(--soft); font-size: 15px; overflow-wrap: anywhere; }
main { padding-bottom: 96px; }
@media (max-width: 560px) {
  header { padding-top: 36px; } h1 { font-size: 30px; } article { padding: 18px 16px; }
  dl > div { grid-template-columns: 1fr; gap: 2px; }
}
`
