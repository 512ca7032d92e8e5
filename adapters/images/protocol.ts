// What the server and the process that draws say to each other: arguments, limits and exit codes.

/** 4096 x 4096: some 64 MiB while it is decoded. */
export const MAX_PIXELS = 4096 * 4096

/** How the drawing process ends when it refuses. */
export const exitCodes = { pixels: 3, unreadable: 4, empty: 5 } as const
