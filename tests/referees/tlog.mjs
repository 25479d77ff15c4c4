// npm @sigstore/verify accepts every receipt of a folder and refuses each of them with one thing changed.
//   tlog.mjs DIR [VKEY]      DIR holds leaf.<i>, proof.<i>[.more].tlog-proof and, without VKEY, log.vkey
import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { verifyTLogInclusion } = createRequire(import.meta.url)('@sigstore/verify/dist/tlog/index.js');
const [dir, vkey = readFileSync(join(dir, 'log.vkey'), 'utf8').trim()] = process.argv.slice(2);

// A log's authority as sigstore holds it. The key id is computed here, not believed.
function authority(text) {
  const [name, id, key] = text.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/).slice(1);
  const typed = Buffer.from(key, 'base64');
  const keyId = createHash('sha256').update(name).update('\n').update(typed).digest().subarray(0, 4);
  assert.equal(keyId.toString('hex'), id);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]);
  return { baseURL: name, logID: keyId, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

function parse(text) {
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end).split('\n');
  assert.equal(lines.shift(), 'c2sp.org/tlog-proof@v1');
  if (lines[0].startsWith('extra ')) lines.shift();
  const index = lines.shift().match(/^index (\d+)$/)[1];
  return { index, hashes: lines.map((line) => Buffer.from(line, 'base64')), checkpoint: text.slice(end + 2) };
}

const log = authority(vkey);

function accepts(leaf, { index, hashes, checkpoint }) {
  const entry = {
    logId: { keyId: log.logID },
    canonicalizedBody: leaf,
    inclusionProof: { logIndex: index, hashes, checkpoint: { envelope: checkpoint } },
  };
  try {
    verifyTLogInclusion(entry, [log]);
    return true;
  } catch (error) {
    if (error.name !== 'VerificationError') throw error;
    return false;
  }
}

const flipped = (bytes, at) => Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));

function* changed(leaf, receipt) {
  const { index, hashes, checkpoint } = receipt;
  yield ['leaf', flipped(leaf, leaf.length - 1), receipt];
  yield ['index', leaf, { ...receipt, index: String(BigInt(index) ^ 1n) }];
  yield ['hash added', leaf, { ...receipt, hashes: [...hashes, hashes[0] ?? Buffer.alloc(32)] }];
  for (const i of hashes.keys()) {
    yield ['hash', leaf, { ...receipt, hashes: hashes.with(i, flipped(hashes[i], i)) }];
    yield ['hash left out', leaf, { ...receipt, hashes: hashes.toSpliced(i, 1) }];
  }
  yield ['size', leaf, { ...receipt, checkpoint: checkpoint.replace(/\n(\d+)\n/, (_, n) => `\n${BigInt(n) + 1n}\n`) }];
  const body = checkpoint.slice(0, checkpoint.indexOf('\n\n'));
  const root = body.split('\n')[2];
  const other = flipped(Buffer.from(root, 'base64'), 0).toString('base64');
  yield ['root', leaf, { ...receipt, checkpoint: checkpoint.replace(root, other) }];
  const line = checkpoint.split('\n').find((text) => text.startsWith(`— ${log.baseURL} `));
  const value = line.split(' ')[2];
  const bent = flipped(Buffer.from(value, 'base64'), 20).toString('base64');
  yield ['signature', leaf, { ...receipt, checkpoint: checkpoint.replace(value, bent) }];
}

let accepted = 0;
let refused = 0;
for (const name of readdirSync(dir)) {
  const index = name.match(/^proof\.(\d+)\.(?:.*\.)?tlog-proof$/)?.[1];
  if (index === undefined) continue;
  const leaf = readFileSync(join(dir, `leaf.${index}`));
  const receipt = parse(readFileSync(join(dir, name), 'utf8'));
  assert.ok(accepts(leaf, receipt), `${name} is refused`);
  accepted += 1;
  for (const [what, otherLeaf, otherReceipt] of changed(leaf, receipt)) {
    assert.ok(!accepts(otherLeaf, otherReceipt), `${name} is accepted with another ${what}`);
    refused += 1;
  }
}
assert.ok(accepted > 0, 'no receipts');
console.log(`@sigstore/verify agrees: ${accepted} receipts hold, ${refused} changed ones do not`);
