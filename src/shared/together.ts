// Questions of one turn of the event loop, asked at once: a command costs more than what is in it.

type Waiting<Question, Answer> = {
  question: Question
  answer(answer: Answer | Promise<Answer>): void
  fail(error: unknown): void
}

export type Together<Question, Answer> = {
  /** Questions with one key are asked together. */
  keyOf(question: Question): string
  /** Answers all, in their order; an answer may still be on its way. When it throws, all of them fail. */
  ask(questions: readonly Question[]): Promise<readonly (Answer | Promise<Answer>)[]>
}

/** Asks at the end of the turn, with what others ask until then: a process with little to do asks one by one. */
export function createTogether<Question, Answer>({ keyOf, ask }: Together<Question, Answer>) {
  let turn = new Map<string, Waiting<Question, Answer>[]>()

  async function askAll(all: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await ask(all.map(({ question }) => question))
      // One for each, as `ask` promises.
      for (const [index, { answer }] of all.entries()) answer(answers[index] as Answer)
    } catch (error) {
      for (const { fail } of all) fail(error)
    }
  }

  function askTurn(): void {
    const groups = turn
    turn = new Map()
    for (const group of groups.values()) void askAll(group)
  }

  return (question: Question): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    if (turn.size === 0) setImmediate(askTurn)
    const key = keyOf(question)
    const group = turn.get(key) ?? []
    turn.set(key, group)
    group.push({ question, answer: resolve, fail: reject })
    return promise
  }
}
