// npm jose and schemas/statement read each other: statements and key lists (JWS), sealed parts (JWE), bodies
// of messages (detached JWS, RFC 7515 Appendix F).
//   node jose.mjs PATH_OF_jose_party
// Exits 0 only where both sides agree on what holds and what does not.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as jose from 'jose'

const program = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'kesher-jose-'))
const text = (name) => readFileSync(join(folder, name), 'utf8')
const key = (name) => jose.importPKCS8(text(name), name.startsWith('signing') ? 'ES256' : 'ECDH-ES')

// u32 big-endian length, the bytes, zeros (contract.md 1).
function unpad(whole) {
  const length = Buffer.from(whole).readUInt32BE(0)
  assert.ok(whole.subarray(4 + length).every((byte) => byte === 0))
  return Buffer.from(whole.subarray(4, 4 + length))
}
function pad(bytes, size) {
  const whole = Buffer.alloc(size)
  whole.writeUInt32BE(bytes.length, 0)
  bytes.copy(whole, 4)
  return whole
}

async function joseReadsOurs() {
  const statement = await jose.compactVerify(text('statement.jws'), await jose.importX509(text('signing.pem'), 'ES256'))
  assert.equal(Buffer.from(statement.payload).toString(), text('statement.claims.json'))
  assert.deepEqual(Object.keys(statement.protectedHeader), ['alg', 'x5t#S256', 'iat', 'cty'])
  assert.equal(statement.protectedHeader.alg, 'ES256')
  assert.equal(statement.protectedHeader.iat, Date.UTC(2026, 10, 21) / 1000)
  const root = await jose.importX509(text('root.pem'), 'ES256')
  const keys = await jose.compactVerify(text('keys.jws'), root)
  assert.deepEqual(Object.keys(JSON.parse(Buffer.from(keys.payload))), ['v', 'org', 'serial', 'signing', 'encryption', 'not_after'])
  await assert.rejects(jose.compactVerify(text('statement.jws'), root))
  const sealed = await jose.compactDecrypt(text('sealed.jwe'), await key('encryption.key.pem'))
  assert.equal(sealed.plaintext.length, 4096)
  assert.deepEqual(unpad(sealed.plaintext), readFileSync(join(folder, 'plaintext.bin')))
  return { statement: statement.protectedHeader, sealed: sealed.protectedHeader }
}

async function joseWrites(headers) {
  const signingKey = await key('signing.key.pem')
  const sign = (payload, header) =>
    new jose.CompactSign(Buffer.from(payload)).setProtectedHeader({ ...headers.statement, ...header }).sign(signingKey)
  const { kid, mid, apu, apv } = headers.sealed
  const recipient = await jose.importX509(text('encryption.pem'), 'ECDH-ES')
  const plaintext = readFileSync(join(folder, 'plaintext.bin'))
  const encrypt = (whole, header = {}, parties = { apu, apv }) =>
    new jose.CompactEncrypt(whole)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid, mid, ...header })
      .setKeyManagementParameters({ apu: jose.base64url.decode(parties.apu), apv: jose.base64url.decode(parties.apv) })
      .encrypt(recipient)
  const claims = text('statement.claims.json')
  const labor = jose.base64url.encode('labor')
  return {
    'good.jws': [await sign(claims), 'ok'],
    'typ.jws': [await sign(claims, { typ: 'JOSE' }), 'signature_invalid'],
    'cty.jws': [await sign(claims, { cty: 'application/json' }), 'signature_invalid'],
    'noon.jws': [await sign(claims, { iat: headers.statement.iat + 43200 }), 'statement_invalid'],
    'claims.jws': [await sign(claims.replace('"v":1', '"v":1,"note":1')), 'statement_invalid'],
    'good.jwe': [await encrypt(pad(plaintext, 4096)), 'ok'],
    'wide.jwe': [await encrypt(pad(plaintext, 16384)), 'seal_unopenable'],
    'bare.jwe': [await encrypt(plaintext), 'seal_unopenable'],
    'typ.jwe': [await encrypt(pad(plaintext, 4096), { typ: 'JOSE' }), 'seal_unopenable'],
    'enc.jwe': [await encrypt(pad(plaintext, 4096), { enc: 'A128GCM' }), 'seal_unopenable'],
    'alg.jwe': [await encrypt(pad(plaintext, 4096), { alg: 'ECDH-ES+A256KW' }), 'seal_unopenable'],
    'mid.jwe': [await encrypt(pad(plaintext, 4096), { mid: '22222222-2222-4222-8222-222222222222' }), 'seal_mismatch'],
    'apu.jwe': [await encrypt(pad(plaintext, 4096), {}, { apu: labor, apv }), 'seal_mismatch'],
    'apv.jwe': [await encrypt(pad(plaintext, 4096), {}, { apu, apv: labor }), 'seal_mismatch'],
  }
}

// Appendix F: jose is given the body between the dots, where it did not travel.
function verifyDetached(detached, body, key) {
  const [header, middle, signature] = detached.split('.')
  assert.equal(middle, '')
  return jose.compactVerify([header, jose.base64url.encode(body), signature].join('.'), key, { algorithms: ['ES256'] })
}

async function joseReadsOurBody() {
  const given = JSON.parse(text('body.jwk.json'))
  assert.deepEqual(Object.keys(given), ['kty', 'crv', 'x', 'y', 'kid', 'use', 'alg'])
  assert.equal(given.kid, await jose.calculateJwkThumbprint({ kty: given.kty, crv: given.crv, x: given.x, y: given.y }))
  const ours = jose.createLocalJWKSet({ keys: [given] })
  const body = readFileSync(join(folder, 'body.bin'))
  const { payload, protectedHeader } = await verifyDetached(text('body.detached'), body, ours)
  assert.deepEqual(Buffer.from(payload), body)
  assert.deepEqual(Object.entries(protectedHeader), [['alg', 'ES256'], ['kid', given.kid], ['typ', 'cloudevent+jws']])
  await assert.rejects(verifyDetached(text('body.detached'), Buffer.concat([body, Buffer.from(' ')]), ours))
  const { publicKey } = await jose.generateKeyPair('ES256')
  await assert.rejects(verifyDetached(text('body.detached'), body, publicKey))
  return body
}

async function joseSignsBodies(body) {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256')
  const { x, y } = await jose.exportJWK(publicKey)
  writeFileSync(join(folder, 'foreign.point'), `${x}\n${y}\n`)
  const kid = await jose.calculateJwkThumbprint(publicKey)
  const good = { typ: 'cloudevent+jws', kid, alg: 'ES256' }
  const attached = (payload, header) => new jose.CompactSign(payload).setProtectedHeader(header).sign(privateKey)
  const sign = async (payload, header = good) => (await attached(payload, header)).replace(/\..*\./, '..')
  const unencoded = await new jose.FlattenedSign(body).setProtectedHeader({ ...good, b64: false, crit: ['b64'] }).sign(privateKey)
  const other = await jose.calculateJwkThumbprint((await jose.generateKeyPair('ES256')).publicKey)
  return {
    'good.detached': [await sign(body), 'ok'],
    'order.detached': [await sign(body, { alg: 'ES256', typ: good.typ, kid }), 'ok'],
    'content.detached': [await sign(Buffer.concat([body, Buffer.from('\n')])), 'signature'],
    'kid.detached': [await sign(body, { ...good, kid: other }), 'key_unknown'],
    'crossed.detached': [await sign(body, { ...good, kid: JSON.parse(text('body.jwk.json')).kid }), 'signature'],
    'typ.detached': [await sign(body, { ...good, typ: 'JOSE' }), 'malformed'],
    'jwk.detached': [await sign(body, { ...good, jwk: { kty: 'EC', crv: 'P-256', x, y } }), 'malformed'],
    'attached.detached': [await attached(body, good), 'malformed'],
    'unencoded.detached': [`${unencoded.protected}..${unencoded.signature}`, 'malformed'],
  }
}

try {
  execFileSync(program, ['write', folder])
  const files = { ...(await joseWrites(await joseReadsOurs())), ...(await joseSignsBodies(await joseReadsOurBody())) }
  for (const [name, [content]] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const names = Object.keys(files)
  const said = execFileSync(program, ['read', folder, ...names, 'statement.jws', 'sealed.jwe', 'body.detached'], { encoding: 'utf8' })
  const expected = names.map((name) => `${name} ${files[name][1]}\n`).join('') + 'statement.jws ok\nsealed.jwe ok\nbody.detached ok\n'
  assert.equal(said, expected)
} finally {
  rmSync(folder, { recursive: true })
}
