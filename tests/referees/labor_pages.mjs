// The labor arm's pages are AsyncAPI 3.0 and OpenAPI 3.1, what they refer to is there, and what we wrote is what
// their schemas say; with one thing of it changed it is not.
//   labor_pages.mjs FOLDER WRITE-EVENTS      FOLDER holds the pages; WRITE-EVENTS prints what we write, an event a line
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parseDocument } from 'yaml';

const [folder, writeEvents] = process.argv.slice(2);
const lines = execFileSync(writeEvents, { encoding: 'utf8', maxBuffer: 1 << 26 }).trim().split('\n');
assert.ok(lines.length > 100, `${lines.length} events`);

function page(name) {
  const document = parseDocument(readFileSync(join(folder, name), 'utf8'), { strict: true, uniqueKeys: true });
  assert.deepEqual(document.errors, []);
  assert.deepEqual(document.warnings, []);
  return document.toJS();
}

const schema = JSON.parse(readFileSync(join(folder, 'events.schema.json'), 'utf8'));

// Every reference leads somewhere, in the page or in the schema.
function follow(root, value) {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.$ref === 'string') {
    const [file, pointer] = value.$ref.split('#');
    assert.ok(file === '' || file === 'events.schema.json', `${value.$ref} is of another file`);
    const target = pointer.split('/').slice(1).reduce((at, key) => at?.[key], file === '' ? root : schema);
    assert.ok(target !== undefined, `${value.$ref} leads nowhere`);
  }
  Object.values(value).forEach((each) => follow(root, each));
}

// The validator takes one document: what is referred to in the schema stands in it.
function bundled(read) {
  const text = JSON.stringify({ ...read, components: { ...read.components, schemas: schema.$defs } });
  return JSON.parse(text.replaceAll('events.schema.json#/$defs/', '#/components/schemas/')
    .replaceAll('"#/$defs/', '"#/components/schemas/'));
}

for (const name of ['openapi.adapter.yaml', 'openapi.service.yaml']) {
  const read = page(name);
  follow(read, read);
  const judged = await new Validator().validate(bundled(read));
  assert.ok(judged.valid, `${name}: ${JSON.stringify(judged.errors)}`);
  const wrong = bundled(read);
  delete wrong.paths['/events'].post.responses['202'].description;
  assert.ok(!(await new Validator().validate(wrong)).valid);
}

{
  const require = createRequire(import.meta.url);
  const asyncapi = require('@asyncapi/specs/schemas/3.0.0.json');
  // The page's schema brings draft-07's own along.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  const judge = ajv.compile(asyncapi);
  const read = page('asyncapi.yaml');
  follow(read, read);
  assert.ok(judge(read), JSON.stringify(judge.errors?.slice(0, 3)));
  const wrong = structuredClone(read);
  wrong.operations.refer.action = 'shout';
  assert.ok(!judge(wrong));
}

follow(schema, schema);
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
addFormats(ajv);
ajv.addFormat('date-time', { validate: (text) => !Number.isNaN(Date.parse(text)) });
const judge = ajv.compile(schema);
for (const line of lines) {
  const event = JSON.parse(line);
  assert.ok(judge(event), `${event.type}: ${JSON.stringify(judge.errors?.slice(0, 3))}`);
  for (const spoil of [
    (e) => { e.specversion = '0.3'; },
    (e) => { e.type = 'kesher.rumour.v1'; },
    (e) => { delete e.data; },
    (e) => { e.id = ''; },
  ]) {
    const wrong = structuredClone(event);
    spoil(wrong);
    assert.ok(!judge(wrong), `${event.type}: the schema takes it with one thing of it changed: ${spoil}`);
  }
}
console.log(`3 pages and ${lines.length} events`);
