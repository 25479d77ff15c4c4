// Detached signatures over a message's body, by npm jose (RFC 7515, appendix F): <header>..<signature> in a
// header of HTTP, and the body is the payload, byte for byte.
import {
  base64url, calculateJwkThumbprint, createLocalJWKSet, exportJWK, FlattenedSign, flattenedVerify, generateKeyPair,
} from 'jose';

export const signatureHeader = 'x-jws-signature';
const type = 'cloudevent+jws';

export async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk, 'sha256');
  return { privateKey, kid, set: { keys: [{ ...jwk, kid, use: 'sig', alg: 'ES256' }] } };
}

export async function sign(key, body) {
  const made = await new FlattenedSign(Buffer.from(body))
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: type })
    .sign(key.privateKey);
  return `${made.protected}..${made.signature}`;
}

// `set`: of the one who is believed. A key goes by its thumbprint, not by what the set calls it.
export async function isSigned(jws, body, set) {
  const parts = /^([\w-]+)\.\.([\w-]+)$/.exec(jws ?? '');
  if (!parts) return false;
  try {
    const { protectedHeader } = await flattenedVerify(
      { protected: parts[1], payload: base64url.encode(body), signature: parts[2] },
      createLocalJWKSet(set),
      { algorithms: ['ES256'] },
    );
    const prints = await Promise.all(set.keys.map((each) => calculateJwkThumbprint(each, 'sha256')));
    return protectedHeader.typ === type && prints.includes(protectedHeader.kid);
  } catch {
    return false;
  }
}
