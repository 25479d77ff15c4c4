// The labor arm's own service, by npm cloudevents and jose: the far side. In memory.
//   node service.mjs --mapping FILE [--port N] [--keys FOLDER] [--ours URL] [--origin NAME] [--as NAME] [--source URI]
// Prints `port N` when it listens on the loopback. Without --port the port is the machine's choice and it ends when its standard
// input does; with it, by SIGTERM alone. Its P-256 key is made at its start: FOLDER/theirs.json is its public half, and
// FOLDER/ours.json, where it stands, the adapter's; --ours is where the adapter serves it. --origin may send to it, --as is
// what it calls itself, --source what its own events say.
//   OPTIONS /kesher/events              Web Hooks, section 4
//   POST    /kesher/events              a referral, or what is said of one
//   GET     /kesher/referrals/{id}      how one stands here
// Beside it, for tests and for its staff:
//   GET /referrals, GET /held?referral= what it was given, and what it was told of each
//   GET /looks                          the referrals that it was asked for
//   POST /say {…}                       what its staff says (status.mjs), and the adapter's answer
//   POST /commit                        what a queue took in is begun
//   POST /behave {"next":WORD, "origin":false, "ours":URL}   what becomes of the next event (behaved()); whether our origin may
//                                       send; where the adapter's keys are
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudEvent, HTTP } from 'cloudevents';
import { namesOf } from './names.mjs';
import { isSigned, makeKey, sign, signatureHeader } from './signature.mjs';
import { call, say } from './status.mjs';

const text = { type: 'string' };
const { values } = parseArgs({
  options: {
    mapping: text, port: text, keys: text, ours: { ...text, default: '' },
    origin: { ...text, default: 'kesher.example.org' }, as: { ...text, default: 'labor.example.org' },
    source: { ...text, default: 'urn:labor' },
  },
});
const { name, word } = namesOf(values.mapping);
const ended = new Set(['withdraw', 'cancel', 'expire', 'mark_error', 'revoke']);
const statuses = { form: 422, unknown_referral: 404, no_such_step: 409, not_told: 403, refused: 400, changed: 412, not_now: 503 };

const key = await makeKey();
if (values.keys) writeFileSync(join(values.keys, 'theirs.json'), JSON.stringify(key.set));

const referrals = new Map(); // by their id: {id, source, attributes, data, takes, updates, over, version, status}
const answered = new Map(); // by source and id: the bytes' hash and the answer, so that the same event is answered as before
const looks = [];
const queue = []; // taken in, and not begun yet
let next = '';
let allows = true;
let oursAt = values.ours; // where the adapter's keys are
let ours = null;

// The adapter's keys, read when the first event has come: it may have been away before.
async function believed() {
  if (ours) return ours;
  const file = values.keys && join(values.keys, 'ours.json');
  if (oursAt) ours = JSON.parse((await call('GET', oursAt)).body);
  else if (file && existsSync(file)) ours = JSON.parse(readFileSync(file, 'utf8'));
  return ours ?? { keys: [] };
}

const versionOf = (known) => `${known.takes}-${known.version}`;
const etagOf = (known) => `"${versionOf(known)}"`;

const problem = (code, faults = [], status = statuses[code]) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: `urn:labor:${code}`, title: code, status, code, faults }),
});
const form = (pointer, flaw) => problem('form', [{ pointer, flaw }]);

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

// A refusal is of one event, or question, and signed: else nobody believes it.
async function refusal(made, eventId, bytes) {
  if (made?.headers['content-type'] !== 'application/problem+json') return made;
  const body = JSON.stringify({ ...JSON.parse(made.body), eventId, requestHash: hashOf(bytes) });
  return signed(made.status, 'application/problem+json', body);
}

async function signed(status, type, body, headers = {}) {
  return { status, headers: { 'content-type': type, [signatureHeader]: await sign(key, body), ...headers }, body };
}

function receiptOf(event, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const receipt = new CloudEvent({
    id: `receipt-${hash}`, source: values.source, type: name('type.receipt'), datacontenttype: 'application/json',
    data: { [name('receipt.event')]: event.id, [name('receipt.digest')]: hash },
  });
  return HTTP.structured(receipt);
}

// Null where it is taken.
function take(event) {
  const { data } = event;
  const object = data[name('data.object')] ?? {};
  if (!word('service', object[name('object.service')])) {
    return form(`/data/${name('data.object')}/${name('object.service')}`, 'unknown_code');
  }
  const participant = data[name('data.participant')] ?? {};
  if (!word('known_by', participant[name('participant.known_by')])) {
    return form(`/data/${name('data.participant')}/${name('participant.known_by')}`, 'unknown_code');
  }
  const policy = data[name('data.policy')] ?? {};
  if (policy[name('policy.flags')]?.length !== policy[name('policy.count')]) {
    return form(`/data/${name('data.policy')}/${name('policy.count')}`, 'value');
  }
  const { id, source, data: content, ...attributes } = event.toJSON();
  const referral = event[name('attribute.referral')];
  const takes = (referrals.get(referral)?.takes ?? 0) + 1;
  const status = 'PotentialActionStatus';
  referrals.set(referral, { takes, id, source, attributes, data: content, updates: [], over: false, version: 1, status });
  return null;
}

function update(event, ifMatch) {
  const known = referrals.get(event[name('attribute.referral')]);
  if (!known) return problem('unknown_referral');
  if (known.over) return problem('no_such_step');
  if (ifMatch !== undefined && ifMatch !== etagOf(known)) return problem('changed');
  const said = word('event', event.data[name('data.event')]);
  if (!said) return form(`/data/${name('data.event')}`, 'unknown_code');
  const beside = ['data.need', 'data.schedule', 'data.policy', 'data.reason'];
  known.updates.push({
    event: said, id: event.id, source: event.source, on: event.data[name('data.on')], ifMatch: ifMatch !== undefined,
    ...Object.fromEntries(beside.map((field) => [field.slice('data.'.length), event.data[name(field)]])),
  });
  known.over = ended.has(said);
  known.version += 1;
  return null;
}

async function serve(event, bytes, ifMatch) {
  const id = `${event.source} ${event.id}`;
  const hash = createHash('sha256').update(bytes).digest('hex');
  const before = answered.get(id);
  if (before) return before.hash === hash ? before.answer : form('/id', 'value');
  const serves = { [name('type.referral')]: take, [name('type.update')]: update }[event.type];
  if (!serves) return form('/type', 'unknown_code');
  const refused = serves(event, ifMatch);
  if (refused) return refused; // what was not done may come again under its id and be judged anew
  const referral = event[name('attribute.referral')];
  const written = receiptOf(event, bytes);
  const answer = await signed(202, written.headers['content-type'], written.body, {
    location: `/kesher/referrals/${referral}`, etag: etagOf(referrals.get(referral)),
  });
  answered.set(id, { hash, answer });
  return answer;
}

function read(stream) {
  return new Promise((resolve) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

// Null: nobody hears an answer.
async function behaved(behaviour, event, bytes, ifMatch) {
  const [how, code] = behaviour.split(':');
  const html = { 'content-type': 'text/html' };
  switch (how) {
    case 'away':
      return null;
    case 'late':
      await serve(event, bytes, ifMatch);
      return null;
    case 'slow-commit':
      queue.push(() => serve(event, bytes, ifMatch));
      return null;
    case 'refuse':
      return form(`/data/${name('data.need')}`, 'value');
    case 'refuse-unknown': // a refusal with nothing of ours in it
      return { status: 422, headers: html, body: '<p>no</p>' };
    case 'busy':
      return problem('not_now');
    case 'problem':
    case 'bare': // the same without a signature
      return problem(code);
    case 'proxy404':
      return { status: 404, headers: html, body: '<p>there is no such page</p>' };
    case 'forbid':
      return { status: 403, headers: html, body: '<p>you may not</p>' };
    case 'unsigned': {
      const { status, headers, body } = await serve(event, bytes, ifMatch);
      return { status, headers: { ...headers, [signatureHeader]: undefined }, body };
    }
    case 'blind': { // taken in by somebody who does not look what it is about
      const written = receiptOf(event, bytes);
      return signed(202, written.headers['content-type'], written.body);
    }
    case 'wrong-receipt': {
      await serve(event, bytes, ifMatch);
      const written = receiptOf(event, Buffer.concat([bytes, Buffer.from(' ')]));
      return signed(202, written.headers['content-type'], written.body);
    }
    case 'moved': { // somebody here did something with it a moment ago
      const known = referrals.get(event[name('attribute.referral')]);
      if (known) known.version += 1;
      return serve(event, bytes, ifMatch);
    }
    default:
      return serve(event, bytes, ifMatch);
  }
}

async function takeEvent(request, bytes, answer) {
  const behaviour = next;
  next = '';
  if (behaviour === 'silent') return; // never answers
  if (!(await isSigned(request.headers[signatureHeader], bytes, await believed()))) {
    answer(problem('signature', [], 401));
    return;
  }
  let event;
  try {
    event = HTTP.toEvent({ headers: request.headers, body: bytes.toString() });
    event.validate();
  } catch {
    answer(form('', 'value'));
    return;
  }
  const made = await behaved(behaviour, event, bytes, request.headers['if-match']);
  answer(behaviour.startsWith('bare:') ? made : await refusal(made, event.id, bytes));
}

async function look(referral) {
  looks.push(referral);
  const known = referrals.get(referral);
  if (!known) return refusal(problem('unknown_referral'), referral, '');
  const seen = { referral, event: known.id, version: versionOf(known), status: known.status };
  return signed(200, 'application/json', JSON.stringify(seen), { etag: etagOf(known) });
}

// What its staff says stands here too, where the adapter took it.
async function speak(said) {
  const heard = await say({ origin: values.as, source: values.source, on: new Date().toISOString(), ...said }, key, { name });
  const known = referrals.get(said.referral);
  if (heard.status === 202 && known) {
    known.status = said.status;
    known.version += 1;
  }
  return heard;
}

function behave(wish) {
  if (wish.next !== undefined) next = wish.next;
  if (wish.origin !== undefined) allows = wish.origin;
  if (wish.ours !== undefined) [oursAt, ours] = [wish.ours, null];
  return {};
}

async function land() {
  for (const begin of queue.splice(0)) await begin();
  return {};
}

const http = createServer(async (request, response) => {
  // A header without a value is none.
  const answer = (made) => {
    if (made === null) {
      request.socket.destroy();
      return;
    }
    const headers = Object.fromEntries(Object.entries(made.headers).filter(([, value]) => value !== undefined));
    response.writeHead(made.status, headers).end(made.body);
  };
  const json = (value) => answer({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const bytes = await read(request);
  const referral = /^\/kesher\/referrals\/([\w-]+)$/.exec(pathname)?.[1];
  try {
    if (request.method === 'GET' && referral) return answer(await look(referral));
    switch (`${request.method} ${pathname}`) {
      case 'OPTIONS /kesher/events': {
        const asks = request.headers['webhook-request-origin'];
        const yes = allows && asks === values.origin;
        return answer({ status: 204, headers: { allow: 'OPTIONS, POST', 'webhook-allowed-origin': yes ? asks : undefined } });
      }
      case 'POST /kesher/events':
        return await takeEvent(request, bytes, answer);
      case 'GET /referrals':
        return json([...referrals.entries()]);
      case 'GET /held':
        return json(referrals.get(searchParams.get('referral')) ?? null);
      case 'GET /looks':
        return json(looks);
      case 'POST /say':
        return json(await speak(JSON.parse(bytes)));
      case 'POST /commit':
        return json(await land());
      case 'POST /behave':
        return json(behave(JSON.parse(bytes)));
      default:
        return answer({ status: 404, headers: {} });
    }
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    return answer({ status: 500, headers: {} });
  }
});

http.listen(Number(values.port ?? 0), '127.0.0.1', () => console.log(`port ${http.address().port}`));

const end = () => process.exit(0);
if (values.port === undefined) process.stdin.on('end', end).resume();
process.on('SIGTERM', end);
