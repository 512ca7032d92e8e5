// The Client API as a page to read: every operation with what it takes and answers, from the OpenAPI document.

import { pagePolicy } from '../../http/security-headers.ts'
import { type Html, html, renderDocument, verbatim } from '../../shared/html.ts'
import { documentationStyles } from './documentation-styles.ts'

export const documentationPolicy = pagePolicy({ styles: [documentationStyles] })

/** What the page reads of an OpenAPI document. */
type Document = {
  info: { title: string; description?: string | undefined }
  servers?: { url: string }[] | undefined
  tags?: { name: string; description?: string | undefined }[] | undefined
  paths?: { [path: string]: object } | undefined
  components?: { schemas?: { [name: string]: object | boolean } | undefined } | undefined
}
type Operation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  parameters?: { name: string; description?: string; schema?: object }[]
  requestBody?: { content: { [type: string]: { schema: object; example?: unknown } } }
  responses: {
    [status: string]: { description: string; content?: { [type: string]: { schema: object } } }
  }
}
type Entry = { method: string; path: string; operation: Operation }

export function documentationPage(document: Document): string {
  const entries = entriesOf(document)
  const server = document.servers?.[0]?.url ?? ''
  return renderDocument(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${document.info.title}</title>
      <style ...${verbatim(documentationStyles)} />
    </head>
    <body>
      <header>
        <h1>${document.info.title}</h1>
        <p>${document.info.description}</p>
        <pre><code>${`curl ${server}/profile \\\n  -H "Authorization: Bearer $ACCESS_TOKEN"`}</code></pre>
        <p class="after">
          Answers are <code>${'{"success":true,"data":…}'}</code> or${' '}
          <code>${'{"success":false,"error":"…"}'}</code>. Programs read${' '}
          <a href=${`${new URL(server).pathname}/openapi.json`}>the OpenAPI document</a>.
        </p>
        <nav aria-label="Operations">
          <ul>
            ${entries.map(
              ({ method, path, operation }) => html`<li>
                <a href=${`#${operation.operationId}`}>${methodTag(method)} <code>${path}</code></a>
              </li>`,
            )}
          </ul>
        </nav>
      </header>
      <main>
        ${document.tags?.map((tag) =>
          section(
            tag,
            entries.filter(({ operation }) => operation.tags.includes(tag.name)),
          ),
        )}
        <section>
          <h2>Objects</h2>
          ${Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => shape(name, schema))}
        </section>
      </main>
    </body>
  </html>`)
}

function entriesOf(document: Document): Entry[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: operation as Operation, // our own document: every operation has these members
    })),
  )
}

function section(
  tag: { name: string; description?: string | undefined },
  entries: readonly Entry[],
): Html {
  return html`<section>
    <h2>${tag.name}</h2>
    <p>${tag.description}</p>
    ${entries.map(article)}
  </section>`
}

function article({ method, path, operation }: Entry): Html {
  const body = Object.entries(operation.requestBody?.content ?? {})[0]
  return html`<article id=${operation.operationId}>
    <h3>${methodTag(method)} <code>${path}</code></h3>
    <p>${code(operation.description)}</p>
    ${operation.parameters && parameters(operation.parameters)}
    ${body && html`<h4>Body</h4><p><code>${body[0]}</code> ${typeText(body[1].schema)}</p>`}
    ${body?.[1].example !== undefined && html`<pre><code>${JSON.stringify(body[1].example, null, 2)}</code></pre>`}
    <h4>Answer</h4>
    ${answers(operation, (status) => status < 400)}
    <details>
      <summary>Errors</summary>
      ${answers(operation, (status) => status >= 400)}
    </details>
  </article>`
}

function answers({ responses }: Operation, isShown: (status: number) => boolean): Html {
  return html`<dl class="answers">
    ${Object.entries(responses)
      .filter(([status]) => isShown(Number(status)))
      .map(
        ([status, { description }]) =>
          html`<div><dt><code>${status}</code></dt><dd>${code(description)}</dd></div>`,
      )}
  </dl>`
}

function methodTag(method: string): Html {
  return html`<span class="method">${method}</span>`
}

function parameters(list: NonNullable<Operation['parameters']>): Html {
  return html`<h4>Parameters</h4>
    <dl>
      ${list.map(
        ({ name, description, schema }) =>
          html`<div><dt><code>${name}</code></dt><dd>${typeText(schema)}${remark(description)}</dd></div>`,
      )}
    </dl>`
}

function shape(name: string, schema: object | boolean): Html {
  const { properties = {} } = schema as { properties?: { [member: string]: object } } // JSON Schema
  return html`<article id=${name}>
    <h3><code>${name}</code></h3>
    <dl>
      ${Object.entries(properties).map(
        ([member, type]) =>
          html`<div><dt><code>${member}</code></dt><dd>${typeText(type)}${remark((type as Schema).description)}</dd></div>`,
      )}
    </dl>
  </article>`
}

type Schema = {
  $ref?: string
  type?: string
  enum?: readonly unknown[]
  const?: unknown
  format?: string
  items?: object
  anyOf?: readonly object[]
  description?: string
}

/** A schema in a few words; objects of their own are links. */
function typeText(schema: object | undefined): Html | string {
  const { $ref, type, enum: values, const: value, format, items, anyOf } = (schema ?? {}) as Schema
  if ($ref) {
    const name = $ref.split('/').at(-1) ?? ''
    return html`<a href=${`#${name}`}>${name}</a>`
  }
  if (anyOf)
    return html`${anyOf.map((each, index) => html`${index > 0 ? ' or ' : ''}${typeText(each)}`)}`
  if (values) return values.join(', ')
  if (value !== undefined) return String(value)
  if (type === 'array') return html`list of ${typeText(items)}`
  return format ?? type ?? 'anything'
}

function remark(description: string | undefined): Html | undefined {
  return description ? html`. ${code(description)}` : undefined
}

/** Text with `code` in it. */
function code(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
