// Verifies the audit log, and says in words whether it is as it was written.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { CodeBlock } from '../../kit/code-block.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { useForm } from '../../state/form.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import type { Verification } from './audit-row.ts'

type Verified = { report: Verification; kept: string }

export function Verify() {
  const { api } = useParts()
  const place = useOrganisation()
  const [verified, setVerified] = useState<Verified>()
  const form = useForm({
    initial: { head: '' },
    check: {
      head: (head) =>
        /^(\d{1,15}:[\w-]{43})?$/.test(head.trim())
          ? undefined
          : 'A head is a number, a colon and 43 characters, such as 812:q3X…',
    },
    async save({ head }): Promise<Verified> {
      const kept = head.trim()
      const read = await api.read<Verification>(place.api('/audit/verification'), { head: kept })
      return { report: read.data, kept }
    },
    onSaved: setVerified,
  })
  return (
    <Section
      title="Is the log whole?"
      lead="Reads all of it: whether a row was altered, removed or put in."
    >
      <form noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Field
          {...form.field('head')}
          label="A head that you kept"
          hint="Finds also that the log was set back to an earlier state, or made anew."
          isOptional
          isCode
        />
        <div class="actions">
          <Button type="submit" isBusy={form.isSaving} busyLabel="Reading all of it …">
            Verify
          </Button>
        </div>
      </form>
      <div aria-live="polite">{verified && !form.isSaving && <Said {...verified} />}</div>
    </Section>
  )
}

function Said({ report, kept }: Verified) {
  return report.broken ? (
    <Broken broken={report.broken} />
  ) : (
    <div class="verified">
      <StatusWord word="Whole" tone="good" />
      <p>
        {rowsWords(report.rows)} {kept && 'The head that you kept is in it. '}
        {report.unsealed > 0 &&
          `${strays(report.unsealed, 'of the last seconds')} not sealed yet. `}
        {report.older > 0 && `${strays(report.older, 'from before there was a chain')} in none.`}
      </p>
      {report.head && (
        <>
          <p class="small">
            Keep this head where nobody can reach it who reaches the database, and verify with it
            later.
          </p>
          <CodeBlock label="head" text={`${report.head.sequence}:${report.head.hash}`} />
        </>
      )}
    </div>
  )
}

function rowsWords(rows: number): string {
  if (rows === 0) return 'No row is in the chain yet.'
  const are = rows === 1 ? 'The one row is as it was' : `All ${rows} rows are as they were`
  return `${are} written, from the first to the last.`
}

function strays(rows: number, which: string): string {
  return rows === 1 ? `One row ${which} is` : `${rows} rows ${which} are`
}

type Break = NonNullable<Verification['broken']>

const breaks: { readonly [What in Break['what']]: (row: number) => string } = {
  altered: (row) => `Row ${row} was altered.`,
  removed: (row) => `Row ${row} was removed.`,
  inserted: (row) => `Row ${row} was put in.`,
  'end altered': (row) => `The seal does not hold at row ${row}: the end of the log was altered.`,
  'not the kept one': (row) =>
    `Row ${row} is not the one that you kept: the log was set back, or made anew.`,
}

function Broken({ broken: { sequence, what } }: { broken: Break }) {
  const before = sequence - 1
  return (
    <div class="fault">
      <p>{breaks[what](sequence)}</p>
      <p>
        {before > 0 && `${before === 1 ? 'The one row' : `The ${before} rows`} before it hold. `}
        Somebody wrote to the database: compare the log with a backup, and find out who can.
      </p>
    </div>
  )
}
