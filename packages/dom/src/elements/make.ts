// Builds elements without markup: nothing is parsed, so that a page may forbid it (Trusted Types, `style-src`).

type Properties<Tag extends keyof HTMLElementTagNameMap> = {
  [name in keyof HTMLElementTagNameMap[Tag]]?: name extends 'part'
    ? string
    : HTMLElementTagNameMap[Tag][name]
}

export type Content = readonly (Node | string)[]

/** An element with its properties set, and its content. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<Tag>,
  content: Content = [],
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...content)
  return element
}
