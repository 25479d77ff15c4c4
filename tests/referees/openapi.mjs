// The page of the HTTP contract is OpenAPI 3.1, and says exactly what the hub is built from; with one thing on
// it changed it does not.
//   openapi.mjs PAGE LIST-CONTRACT      LIST-CONTRACT prints the hub's rows, codes and words as JSON
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parseDocument } from 'yaml';

const [pagePath, listContract] = process.argv.slice(2);
const validator = new Validator();
const code = JSON.parse(execFileSync(listContract, { encoding: 'utf8' }));

// Throws where the page is not what the code is; else the number of calls.
async function judge(text) {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  assert.deepEqual(document.errors, []);
  assert.deepEqual(document.warnings, []);
  const page = document.toJS();

  // 1. Every reference leads somewhere, and nothing is kept that nothing leads to.
  const used = new Set();
  function walk(value) {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.$ref === 'string') {
      used.add(value.$ref);
      const target = value.$ref.replace(/^#\//, '').split('/').reduce((at, key) => at?.[key], page);
      assert.ok(target !== undefined, `${value.$ref} leads nowhere`);
    }
    Object.values(value).forEach(walk);
  }
  walk(page);
  // Claims under an approval stand inside a signature: named in prose, used by nothing else.
  const named = (kind, name) => used.has(`#/components/${kind}/${name}`) || text.includes(`over ${name}`);
  for (const kind of ['schemas', 'responses', 'parameters', 'headers']) {
    for (const name of Object.keys(page.components[kind])) assert.ok(named(kind, name), `${kind}/${name} is not used`);
  }

  // 2. Rows of the hub and calls of the page are the same.
  const portOf = (server) => Number(server.url.match(/:(\d+)$/)[1]);
  const calls = [];
  for (const [path, item] of Object.entries(page.paths)) {
    const port = portOf((item.servers ?? page.servers)[0]);
    for (const method of ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']) {
      const call = item[method];
      if (call === undefined) continue;
      const types = Object.keys(call.requestBody?.content ?? {});
      assert.ok(types.length <= 1, `${method} ${path}: one media type`);
      assert.equal(types.length === 1, call.requestBody?.required === true, `${method} ${path}: a body is required`);
      calls.push({
        port, method: method.toUpperCase(), path, who: call['x-who'],
        body_bytes_max: call['x-body-bytes-max'] ?? 0, media_type: types[0] ?? '',
      });
      const inPath = [...path.matchAll(/{(\w+)}/g)].map((match) => match[1]);
      const parameters = (item.parameters ?? []).map((one) => (one.$ref ? page.components.parameters[one.$ref.split('/').pop()] : one));
      assert.deepEqual(parameters.filter((one) => one.in === 'path').map((one) => one.name), inPath, `${path}: its parameters`);
    }
  }
  const line = (row) => JSON.stringify(row);
  // OpenAPI has no word for the rest of a path: {tile*} stands as {tile}, and its description says so.
  const rows = code.rows.map((row) => ({ ...row, path: row.path.replace('*}', '}') }));
  assert.deepEqual(calls.map(line).sort(), rows.map(line).sort());
  const operations = Object.values(page.paths).flatMap((item) => Object.values(item)).map((call) => call.operationId).filter(Boolean);
  assert.equal(new Set(operations).size, operations.length, 'an operationId stands twice');

  // 3. Who needs which certificate: as the listener asks for it.
  for (const item of Object.values(page.paths)) {
    const port = portOf((item.servers ?? page.servers)[0]);
    for (const call of ['get', 'put', 'post'].map((method) => item[method]).filter(Boolean)) {
      const schemes = (call.security ?? page.security).flatMap((one) => Object.keys(one));
      assert.deepEqual(schemes, { 8443: ['organisation'], 8445: ['token'], 9464: [] }[port], call.operationId);
    }
  }

  // 4. Codes and closed lists, in the order that is for ever.
  assert.deepEqual(page.components.schemas.Code.enum, code.codes.map((one) => one.word));
  for (const [name, words] of Object.entries(code.words)) assert.deepEqual(page.components.schemas[name].enum, words, name);

  // 5. Each code is described under an answer whose status it has.
  const statusOf = new Map(code.codes.map((one) => [one.word, one.status]));
  const answers = { NotVerified: 401, NotAllowed: 403, NotFound: 404, Conflict: 409, TooLarge: 413, NotUnderstood: 422, Busy: 429 };
  const told = new Set();
  for (const [name, response] of Object.entries(page.components.responses)) {
    for (const [, word] of response.description.matchAll(/\b([a-z]+(?:_[a-z]+)*)\b/g)) {
      if (!statusOf.has(word) || !response.content['application/problem+json']) continue;
      if (answers[name]) assert.equal(statusOf.get(word), answers[name], `${word} under ${name}`);
      told.add(word);
    }
  }
  for (const word of statusOf.keys()) {
    const recipients = ['seal_mismatch', 'seal_unopenable', 'release_unproven'];
    assert.ok(told.has(word) || recipients.includes(word), `${word} is under no answer`);
  }

  // 6. The official JSON schema of OpenAPI 3.1; last, because it is the slowest.
  const judged = await validator.validate(structuredClone(page));
  assert.ok(judged.valid, JSON.stringify(judged.errors, null, 1));
  return calls.length;
}

const text = readFileSync(pagePath, 'utf8');
const calls = await judge(text);
const changed = {
  'a call left out': (page) => page.replace(/^  \/v1\/keys:\n(?:    .*\n)+/m, ''),
  'a call too many': (page) => page.replace('  /readyz:\n', '  /livez:\n'),
  'another method': (page) => page.replace('    put:\n      tags: [participants]\n      operationId: put_keys', '    post:\n      tags: [participants]\n      operationId: put_keys'),
  'another caller': (page) => page.replace('x-who: operator', 'x-who: organisation'),
  'another limit': (page) => page.replace('x-body-bytes-max: 7360512', 'x-body-bytes-max: 7360513'),
  'another media type': (page) => page.replace('avro/binary:', 'application/avro:'),
  'no certificate asked for': (page) => page.replace('  - organisation: []', '  - {}'),
  'a code left out': (page) => page.replace('        - clock_skew\n', ''),
  'two codes in another order': (page) => page.replace('        - busy\n        - unavailable\n', '        - unavailable\n        - busy\n'),
  'a code under another status': (page) => page.replace('description: consent_form_reused, ', 'description: consent_lapsed, '),
  'a reference to nothing': (page) => page.replace("'#/components/schemas/Receipt'", "'#/components/schemas/Recept'"),
  'a call without answers': (page) => page.replace("      responses:\n        '201':", "      answers:\n        '201':"),
  'a key twice': (page) => page.replace('openapi: 3.1.0\n', 'openapi: 3.1.0\nopenapi: 3.1.0\n'),
};
for (const [what, change] of Object.entries(changed)) {
  assert.notEqual(change(text), text, `${what}: nothing was changed`);
  await assert.rejects(judge(change(text)), assert.AssertionError, `accepted with ${what}`);
}
console.log(`OpenAPI 3.1 holds: ${calls} calls, ${code.codes.length} codes, ${Object.keys(code.words).length} closed lists; ` +
  `refused with each of ${Object.keys(changed).length} changes`);
