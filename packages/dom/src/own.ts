// Own members alone: what a page, or somebody in it, put on `Object.prototype` is neither read nor called here.

export type Own = { readonly [member: string]: unknown }

/**
 * The own members of whatever it is, in an object without a prototype. So no `then` of a stranger is called
 * when it is awaited, no member is read that it does not have, and none is written into a setter.
 */
export function own<Shape extends object = Own>(value: unknown): Shape {
  // Callers either built the value themselves, or check each member that they read.
  return { __proto__: null, ...(value as object) } as unknown as Shape
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
