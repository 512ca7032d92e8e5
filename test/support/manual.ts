// A manual's examples: taken out of it as they stand, each with what it needs to be run.

import { read } from './repository.ts'

export type Example = {
  /** The heading that it stands under. */
  section: string
  language: 'html' | 'js' | 'sh'
  /** Where it belongs, said after the language: such as `signed-in`. */
  scene: string
  code: string
  line: number
}

/** Every fenced block that is code; those without a language are shown, not run. */
export function examplesOf(file: string): Example[] {
  const examples: Example[] = []
  let section = ''
  let open: Example | undefined
  let isShown = false
  for (const [index, text] of read(file).split('\n').entries()) {
    const [, info] = /^```(.*)$/.exec(text) ?? []
    if (open && info === undefined) open.code += `${text}\n`
    else if (open) {
      examples.push(open)
      open = undefined
    } else if (isShown) isShown = info === undefined
    else if (info === '') isShown = true
    else if (info !== undefined) {
      const [language = '', scene = ''] = info.split(' ')
      if (language !== 'html' && language !== 'js' && language !== 'sh')
        throw new Error(`${file}:${index + 1}: nobody runs ${language}`)
      open = { section, language, scene, code: '', line: index + 1 }
    } else section = /^##+ (.+)$/.exec(text)?.[1] ?? section
  }
  return examples
}
