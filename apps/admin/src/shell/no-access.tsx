// For somebody who is signed in and no operator of anything.

import { Button } from '../kit/button.tsx'
import { CodeBlock } from '../kit/code-block.tsx'
import { signOut } from '../state/session.ts'
import { Alone } from './alone.tsx'

export function NoAccess({ email }: { email: string }) {
  return (
    <Alone title="No access" lead={`${email} is no operator here.`}>
      <p>
        Ask an owner of the organisation to invite this address, or sign in with another one.
        Whoever runs the server can do it in a terminal:
      </p>
      <CodeBlock
        label="command"
        text={`npm run -s foyer -- operators invite ${email} --role viewer --organisation …`}
      />
      <div class="actions">
        <Button onClick={() => void signOut()}>Sign out</Button>
      </div>
    </Alone>
  )
}
