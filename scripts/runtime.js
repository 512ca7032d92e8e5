// Which Node.js this runs on; written so that an old one can read it.

const NEEDED = 24

/** What to tell somebody whose Node.js is too old, in one line; undefined when it is not. */
export function oldRuntime(version) {
  if (Number.parseInt(version, 10) >= NEEDED) return undefined
  return `Foyer needs Node.js ${NEEDED} or newer, this is ${version}: start it with \`npm start\` after \`npm ci\`, which brings its own.`
}
