// Requests byte by byte: what a polite client would never send.

import { connect } from 'node:net'

export type RawAnswer = {
  /** 0 when the server closed the connection without a word. */
  status: number
  /** Head and body as they came. */
  text: string
}

/**
 * Sends the lines, a blank one and the body; returns what came until the server closed the connection.
 * Without a body (`null`) the blank line does not come either.
 */
export async function sendRaw(
  { baseUrl }: { baseUrl: string },
  lines: readonly string[],
  body: string | Buffer | null = '',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl)
  const socket = connect({ host: hostname, port: Number(port) })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {}) // a server that has answered may refuse the rest
  socket.write(`${lines.join('\r\n')}\r\n`)
  if (body !== null) socket.write(Buffer.concat([Buffer.from('\r\n'), Buffer.from(body)]))
  await new Promise((resolve) => socket.once('close', resolve))
  const text = Buffer.concat(chunks).toString()
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }
}
