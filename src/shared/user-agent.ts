// A browser and a system in two words, coarse on purpose: enough for "was that me?", too little to follow anybody.

const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
]

const systems: readonly [RegExp, string][] = [
  [/\b(?:iPhone|iPod)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

export type BrowserLabel = { browser?: string; system?: string }

/** What the `User-Agent` header claims; nothing where it claims nothing known. */
export function labelUserAgent(header: string): BrowserLabel {
  const first = (table: readonly [RegExp, string][]): string | undefined =>
    table.find(([pattern]) => pattern.test(header))?.[1]
  const browser = first(browsers)
  const system = first(systems)
  return { ...(browser && { browser }), ...(system && { system }) }
}
