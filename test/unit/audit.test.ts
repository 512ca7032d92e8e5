// What the audit log keeps of a change, and how a row reads in a spreadsheet.

import { describe, expect, it } from '@jest/globals'
import { changedFields } from '../../src/services/audit/audit-changes.ts'
import { auditCsvHeader, auditCsvLine } from '../../src/services/audit/audit-csv.ts'

describe('a change in the audit log', () => {
  it('keeps what changed, on both sides, and nothing else', () => {
    expect(
      changedFields(
        { _id: 'cli_1', name: 'Shop', kind: 'web', origins: ['https://a.example'], updatedAt: 1 },
        { _id: 'cli_1', name: 'Shop', kind: 'web', origins: ['https://b.example'], updatedAt: 2 },
      ),
    ).toEqual({
      before: { origins: ['https://a.example'] },
      after: { origins: ['https://b.example'] },
    })
    expect(changedFields({ pkce: 'required' }, { pkce: 'required', host: 'id.example' })).toEqual({
      before: {},
      after: { host: 'id.example' },
    })
    expect(changedFields(undefined, { name: 'Shop' })).toEqual({ after: { name: 'Shop' } })
    expect(changedFields({ signIn: { codeLength: 6 } }, undefined)).toEqual({
      before: { signIn: { codeLength: 6 } },
    })
  })

  it('P17: names a field that nobody has listed, and does not keep its value', () => {
    const secrets = [{ digest: 'DIGEST', hint: 'HINT' }]
    const kept = changedFields(
      { email: 'ana@example.com' },
      { secrets, email: 'eva@example.com', keys: [{ d: 'PRIVATE' }], password: 'hunter2' },
    )
    expect(kept).toEqual({
      before: { email: '(not kept)' },
      after: {
        secrets: '(not kept)',
        email: '(not kept)',
        keys: '(not kept)',
        password: '(not kept)',
      },
    })
  })

  it.each([
    ['an address in a name', 'Ask ana.b+c@example.com, please', 'Ask (not kept), please'],
    [
      'a password in a web address',
      'https://eva:hunter2@shop.example/in',
      'https://(not kept)@shop.example/in',
    ],
    [
      'a key in a query',
      'https://shop.example/in?key=hunter2#top',
      'https://shop.example/in?(not kept)#top',
    ],
    ['nothing in a plain one', 'https://shop.example/in', 'https://shop.example/in'],
  ])('P17: does not keep %s', (_name, value, kept) => {
    expect(changedFields(undefined, { name: value, redirectUris: [value] })).toEqual({
      after: { name: kept, redirectUris: [kept] },
    })
  })
})

describe('a row of the audit log as CSV', () => {
  const row = { _id: 'aud_1', organisation: 'org_1', at: 0, action: 'client.created', actor: 'a' }

  it('has a value for every column', () => {
    const full = {
      ...row,
      ...{ sequence: 7, target: 'cli_1', source: '192.0.2.1', request: 'r', hash: 'h' },
      after: { name: 'He said "no", twice' },
    }
    expect(auditCsvHeader).toBe(
      'sequence,at,action,actor,target,source,request,before,after,id,hash',
    )
    expect(auditCsvLine(full)).toBe(
      '7,1970-01-01T00:00:00.000Z,client.created,a,cli_1,192.0.2.1,r,,"{""name"":""He said \\""no\\"", twice""}",aud_1,h',
    )
    expect(auditCsvLine(row)).toBe(',1970-01-01T00:00:00.000Z,client.created,a,,,,,,aud_1,')
  })

  it.each([
    ['=cmd', "'=cmd"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1', "' =1"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['\uFEFF=1', "'\uFEFF=1"],
    ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
    ['a\nb', '"a\nb"'],
    ['plain', 'plain'],
  ])('P15: is no formula in a spreadsheet: %j', (target, cell) => {
    expect(auditCsvLine({ ...row, target })).toBe(
      `,1970-01-01T00:00:00.000Z,client.created,a,${cell},,,,,aud_1,`,
    )
  })
})
