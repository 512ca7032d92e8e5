// Requests byte by byte: what a polite client would never send.

import { once } from 'node:events'
import { connect } from 'node:net'

export type RawAnswer = {
  /** 0 when the server closed the connection without a word. */
  status: number
  /** Head and body as they came. */
  text: string
}

/** Sends the lines, a blank one and the body; returns what came until the server closed the connection. */
export async function sendRaw(
  { baseUrl }: { baseUrl: string },
  lines: readonly string[],
  body: string | Buffer = '',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl)
  const socket = connect({ host: hostname, port: Number(port) })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {}) // a server that has answered may refuse the rest
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  socket.write(body)
  await once(socket, 'close')
  const text = Buffer.concat(chunks).toString()
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }
}
