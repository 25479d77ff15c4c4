// npm avsc judges our Avro: for every golden file it reads exactly the expected text, writes the same
// bytes again, and every schema file gives the fingerprint that stands in its golden bytes.
// Usage: avsc.mjs <repository>. Exits 0 only where all of it holds. With --write it (re)makes the
// expected texts, for a person to read before they are committed.
import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import avro from 'avsc';

const [repository, mode] = process.argv.slice(2);
const folder = join(repository, 'schemas', 'avro');
const golden = join(repository, 'schemas', 'golden');

// CRC-64-AVRO over Parsing Canonical Form, bit by bit as the specification defines it.
function fingerprint(type) {
  const polynomial = 0xc15d213aa4d7a795n;
  let value = polynomial;
  for (const byte of Buffer.from(JSON.stringify(type.schema()))) {
    value ^= BigInt(byte);
    for (let bit = 0; bit < 8; ++bit) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

// 64-bit numbers stay exact.
const long = avro.types.LongType.__with({
  fromBuffer: (buffer) => buffer.readBigInt64LE(),
  toBuffer: (value) => { const buffer = Buffer.alloc(8); buffer.writeBigInt64LE(value); return buffer; },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value) => typeof value === 'bigint',
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
});

function typeOf(name) {
  const schema = JSON.parse(readFileSync(join(folder, `${name}.avsc`), 'utf8'));
  return avro.Type.forSchema(schema, { registry: { long } });
}

let problems = 0;
function check(what, holds) {
  try {
    holds();
  } catch (error) {
    ++problems;
    console.error(`REFUSED: ${what}: ${error.message}`);
  }
}

function judge(file) {
  const name = file.replace(/\.(full|bare)\.avro$/, '');
  const bytes = readFileSync(join(golden, file));
  const type = typeOf(name);
  const textFile = join(golden, file.replace(/avro$/, 'json'));
  check(`${file}: header`, () => {
    deepStrictEqual(bytes.subarray(0, 2), Buffer.from([0xc3, 0x01]));
    deepStrictEqual(bytes.subarray(2, 10), fingerprint(type));
  });
  const value = type.fromBuffer(bytes.subarray(10));
  if (mode === '--write') {
    writeFileSync(textFile, `${JSON.stringify(JSON.parse(type.toString(value)), null, 1)}\n`);
  }
  check(`${file}: text`, () =>
    deepStrictEqual(JSON.parse(type.toString(value)), JSON.parse(readFileSync(textFile, 'utf8'))));
  check(`${file}: bytes`, () => deepStrictEqual(type.toBuffer(value), bytes.subarray(10)));
}

const schemas = readdirSync(folder).filter((file) => file.endsWith('.avsc')).map((file) => file.replace(/\.avsc$/, ''));
const files = readdirSync(golden).filter((file) => file.endsWith('.avro'));
check('every schema has golden bytes', () =>
  deepStrictEqual([...new Set(files.map((file) => file.replace(/\.(full|bare)\.avro$/, '')))].sort(), schemas.sort()));
files.forEach((file) => check(file, () => judge(file)));

// Every pair of versions of a record resolves both ways.
let pairs = 0;
for (const writer of schemas) {
  for (const reader of schemas) {
    if (writer.split('.')[0] !== reader.split('.')[0]) continue;
    ++pairs;
    check(`${writer} read as ${reader}`, () => typeOf(reader).createResolver(typeOf(writer)));
  }
}
console.log(`${files.length} golden files, ${pairs} pairs of versions, ${problems} refused`);
process.exit(problems === 0 && files.length > 0 ? 0 : 1);
