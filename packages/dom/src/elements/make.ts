// Builds elements without markup: nothing is parsed, so that a page may forbid it (Trusted Types, `style-src`).

type Properties<Tag extends keyof HTMLElementTagNameMap> = {
  [name in keyof HTMLElementTagNameMap[Tag]]?: name extends 'part'
    ? string
    : HTMLElementTagNameMap[Tag][name]
}

/** An element with its properties set, and its content. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<Tag> = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  Object.assign(element, properties)
  element.append(...content)
  return element
}
