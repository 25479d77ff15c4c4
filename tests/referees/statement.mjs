// npm jose reads a statement with its signer's certificate, and refuses it with one character changed.
//   node statement.mjs STATEMENT.jws SIGNER.pem      prints the claims
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as jose from 'jose'

const [statement, signer] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
const key = await jose.importX509(signer, 'ES256')
const { payload, protectedHeader } = await jose.compactVerify(statement, key, { algorithms: ['ES256'] })
assert.deepEqual(Object.keys(protectedHeader), ['alg', 'x5t#S256', 'iat', 'cty'])
assert.equal(protectedHeader.cty, 'application/vnd.kesher.statement+json')
const [header, claims, signature] = statement.split('.')
const changed = (claims[9] === 'A' ? 'B' : 'A') + claims.slice(10)
await assert.rejects(jose.compactVerify([header, claims.slice(0, 9) + changed, signature].join('.'), key))
console.log(Buffer.from(payload).toString())
