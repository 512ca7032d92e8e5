// The digits of what was typed, pasted or filled in, whatever their script and whatever stands between them.

export function digitsOf(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[٠-٩۰-۹]/g, (digit) => `${digit.charCodeAt(0) & 15}`)
    .replace(/\D/g, '')
}
