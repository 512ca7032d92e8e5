// What a program asks of MongoDB, command by command, seen on the wire on its way.

import { startRelay } from './relay.ts'

export type CommandWatch = {
  /** Of the database behind it. */
  uri: string
  /** Command and collection of each since it was asked last, such as `find accounts`. */
  seen(): string[]
  stop(): Promise<void>
}

/** `target` is the URI of a MongoDB with its database. */
export async function startCommandWatch(target: string): Promise<CommandWatch> {
  let commands: string[] = []
  const { port, stop } = await startRelay(target, () => ({
    toStore: createReader((command) => commands.push(command)),
  }))

  return {
    // Directly: else the driver asks the set for its members' own addresses, past this one.
    uri: `mongodb://127.0.0.1:${port}${new URL(target).pathname}?directConnection=true`,
    seen() {
      const all = commands
      commands = []
      return all
    },
    stop,
  }
}

/** Wire Protocol, OP_MSG: the head with the length, flags, a kind, and a document that begins with the command. */
const OP_MSG = 2013
const HEAD = 16
const NAME = HEAD + 4 + 1 + 4 + 1

/** Cuts a connection's bytes into messages. */
function createReader(hear: (command: string) => void) {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes: Buffer): void => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= HEAD && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0)
      if (rest.readInt32LE(12) === OP_MSG) hear(commandOf(rest.subarray(0, length)))
      rest = rest.subarray(length)
    }
  }
}

/** The first field: its name is the command, its value the collection (a number where there is none). */
function commandOf(message: Buffer): string {
  const end = message.indexOf(0, NAME)
  const name = message.toString('utf8', NAME, end)
  const isText = message[NAME - 1] === 2
  const size = isText ? message.readInt32LE(end + 1) : 1
  return `${name} ${message.toString('utf8', end + 5, end + 4 + size)}`.trim()
}
