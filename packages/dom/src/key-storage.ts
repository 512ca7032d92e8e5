// A pair of keys in IndexedDB: it can be used from there, and not be read, not even by this page.

import { own } from './own.ts'

const STORE = 'keys'

/** The pair that is kept under the name: the given one, where there was none. One for all tabs that ask at once. */
export function keepKeys(name: string, made: CryptoKeyPair): Promise<CryptoKeyPair> {
  return new Promise((resolve) => {
    // Without a database, as in some private windows, it lasts as long as the page.
    const give = (pair: CryptoKeyPair) => resolve(own(pair))
    const giveMade = () => give(made)
    try {
      const opening = indexedDB.open(name)
      opening.onerror = giveMade
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
      opening.onsuccess = () => {
        const database = opening.result
        database.onversionchange = () => database.close()
        const change = database.transaction(STORE, 'readwrite')
        const store = change.objectStore(STORE)
        const reading = store.get(STORE)
        reading.onsuccess = () => {
          if (!reading.result) store.put(made, STORE)
        }
        change.oncomplete = () => {
          database.close()
          give(reading.result ?? made)
        }
        change.onabort = giveMade
      }
    } catch {
      giveMade()
    }
  })
}

export function forgetKeys(name: string): void {
  try {
    indexedDB.deleteDatabase(name)
  } catch {
    // There is no database at all.
  }
}
