// JSON as it was when the library was loaded: what a script puts in its place later never sees a token.

export const { parse, stringify } = JSON
