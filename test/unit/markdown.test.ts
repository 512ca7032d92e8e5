// Markdown of an organisation on our pages: its words, and never markup, scripts or links that run something.

import { describe, expect, it } from '@jest/globals'
import { markdownHtml } from '../../interactions/pages/markdown.ts'

const htmlOf = (text: string): string => markdownHtml(text).dangerouslySetInnerHTML.__html

describe('Markdown on our pages', () => {
  it('keeps its headings below the page’s own', () => {
    const html = htmlOf('# One\n\n## Two\n\n###### Six\n\nSetext\n===')
    expect(html).toBe('<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n<h2>Setext</h2>\n')
  })

  it('minds no byte order mark', () => {
    expect(htmlOf('\uFEFF# One')).toBe('<h2>One</h2>\n')
  })

  it('has lists, emphasis, tables, quotes and links to the web and to mails', () => {
    const html = htmlOf(
      '- a\n- **b**\n\n> c\n\n| d |\n|---|\n| e |\n\n[f](https://f.example/g?h=i&j) [k](mailto:k@l.example)',
    )
    expect(html).toContain('<li><strong>b</strong></li>')
    expect(html).toContain('<blockquote>\n<p>c</p>')
    expect(html).toContain('<td>e</td>')
    expect(html).toContain('<a href="https://f.example/g?h=i&amp;j">f</a>')
    expect(html).toContain('<a href="mailto:k@l.example">k</a>')
  })

  it('counts on from where a list begins', () => {
    expect(htmlOf('3. c')).toBe('<ol start="3">\n<li>c</li>\n</ol>\n')
  })

  it('leaves of a link to nowhere its words', () => {
    expect(htmlOf('[x](https://y.example) [*a*]() [b](https://c.example)')).toBe(
      '<p><a href="https://y.example">x</a> <em>a</em> <a href="https://c.example">b</a></p>\n',
    )
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    'a <b onclick="alert(1)">b</b>',
    '<!-- --><iframe srcdoc="x">',
    '</article><script>alert(1)</script>',
    '<style>@import url(https://evil.example)</style>',
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](java&#115;cript:alert(1))',
    '[a](&#x6A;avascript:alert(1))',
    '[a](javascript&colon;alert(1))',
    '[a](\tjavascript:alert(1))',
    '[a](<java\nscript:alert(1)>)',
    '[a](vbscript:x)',
    '[a](javascript:alert(1)//https://plain.example)',
    '[a](data:text/html,mailto:ana@example.com)',
    '[a](data:text/html,<script>alert(1)</script>)',
    '[a](data:image/svg+xml;base64,PHN2Zz4=)',
    '[a](http://plain.example)',
    '[a](//evil.example)',
    '[a](/\\evil.example)',
    '[a](/sign-in/x/cancel)',
    '[a](?lang=ar)',
    '[a](#main)',
    '[a]()',
    '[a](<> "t")',
    '![a]()',
    '[a](https:/\\evil.example)',
    '[a](https:\\\\evil.example)',
    '[a](https:)',
    '[a](ftp://f.example)',
    '[a](file:///etc/passwd)',
    '<javascript:alert(1)>',
    '<http://plain.example>',
    '[a]: javascript:alert(1)\n\n[a]',
    '![a](https://tracker.example/pixel.png)',
    '![a](data:image/png;base64,AAAA)',
    '[a](https://a.example/"onmouseover="alert(1))',
    '[a](https://a.example "t\\" onmouseover=\\"alert(1)")',
    '```"><script>alert(1)</script>\nx\n```',
    '`<script>alert(1)</script>`',
    '| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=x> |',
    '| a |\n|--:|\n| b |',
    '# <script>alert(1)</script>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('P03: makes nothing that runs, loads or leads astray of %s', (text) => {
    const html = htmlOf(text)
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)((?:\s+[\w-]+="[^"]*")*)\s*>/gi)]
    // What looks like a tag is one that was just read: no other angle bracket stands there.
    expect(html.match(/</g)?.length ?? 0).toBe(tags.length)
    for (const [, tag = '', attributes = ''] of tags) {
      expect(allowed).toContain(tag)
      for (const [, name = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) {
        expect(['href', 'title', 'class', 'start']).toContain(name)
        if (name === 'href') expect(value).toMatch(/^(https:\/\/[a-z]|mailto:)/)
      }
    }
  })
})

const allowed =
  'p h2 h3 h4 h5 h6 ul ol li em strong s a code pre blockquote hr br table thead tbody tr th td'.split(
    ' ',
  )
