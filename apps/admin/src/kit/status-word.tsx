// The state of something in a word; its colour says nothing that the word does not.

export type Tone = 'good' | 'calm' | 'warn' | 'bad'

export function StatusWord({ word, tone = 'calm' }: { word: string; tone?: Tone }) {
  return <span class={`status ${tone}`}>{word}</span>
}
