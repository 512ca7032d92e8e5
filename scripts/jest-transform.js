// Lets Jest run the TypeScript as it stands: types are replaced by blanks, so that positions stay true.

import { stripTypeScriptTypes } from 'node:module'

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
  processAsync: async (source) => ({ code: stripTypeScriptTypes(source) }),
}
