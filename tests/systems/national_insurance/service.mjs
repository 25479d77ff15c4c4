// National Insurance's own service, by npm soap from the WSDL that our adapter serves: the far side. In memory.
//   node service.mjs --wsdl FILE-OR-URL --mapping FILE [--port N]
// Prints `port N` when it listens on the loopback. Without --port the port is the machine's choice and it ends when its standard
// input does; with it, by SIGTERM alone. Beside SOAP, for tests and for its staff:
//   GET /referrals                      what it was given, and what it was told of each
//   GET /inquiries                      the ids that it was asked for
//   POST /say {…}                       what its staff says (staff.mjs), and the adapter's answer
//   POST /behave {"next":"fault|misunderstood|not-now|code:N|silent|slow|late"}   what becomes of the next call
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import soap from 'soap';
import { say } from './feedback.mjs';
import { namesOf } from './names.mjs';

const { values } = parseArgs({ options: { wsdl: { type: 'string' }, mapping: { type: 'string' }, port: { type: 'string' } } });
const { name, word } = namesOf(values.mapping);
const ended = new Set(['withdraw', 'cancel', 'expire', 'mark_error', 'revoke']);

const referrals = new Map(); // by their number: {id, header, body, updates, over}
const answered = new Map(); // by the call's id: the code, so that the same id is answered as before
const inquiries = [];
const late = []; // taken in, and not begun yet
let next = '';

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const text = (value) => (value !== null && typeof value === 'object' ? value.$value : value);
const result = (code, words) => ({ [name('result.code')]: code, ...(words && { [name('result.words')]: words }) });

function take(args, headers) {
  const referral = args[name('referral.element')];
  const number = text(referral[name('referral.number')]);
  const takes = (referrals.get(number)?.takes ?? 0) + 1;
  referrals.set(number, { takes, id: text(headers.id), client: text(headers.client.memberCode), body: args, updates: [], over: false });
  return 0;
}

function update(args) {
  const said = args[name('update.element')];
  const known = referrals.get(text(said[name('update.number')]));
  if (!known) return 200;
  const event = word('event', text(said[name('update.event')]));
  if (known.over && !ended.has(event)) return 201;
  known.updates.push({ event, words: text(said[name('update.words')]), flags: text(said[name('referral.flags')]) });
  known.over ||= ended.has(event);
  return 0;
}

function inquire(args) {
  const id = text(args[name('inquiry.element')][name('inquiry.transfer')]);
  inquiries.push(id);
  return [...referrals.values()].some((known) => known.id === id) ? 0 : 200;
}

// The same id is the same call.
const once = (serve) => (args, callback, headers) => {
  const id = text(headers.id);
  const behaviour = next;
  next = '';
  if (behaviour === 'fault') throw { Fault: { faultcode: 'SOAP-ENV:Server', faultstring: 'not served', statusCode: 500 } };
  if (behaviour === 'misunderstood') throw { Fault: { faultcode: 'SOAP-ENV:Client', faultstring: 'not understood', statusCode: 500 } };
  if (behaviour === 'not-now') return result(900);
  if (behaviour.startsWith('code:')) return result(Number(behaviour.slice('code:'.length)), 'as it was told to');
  if (behaviour === 'silent') return void callback; // never answers
  if (behaviour === 'late') return void late.push(() => serve(args, headers)); // taken in by a queue
  // What was done is remembered; what was not may come again under its id and be judged anew.
  const code = answered.get(id) ?? serve(args, headers);
  if (code === 0) answered.set(id, code);
  if (behaviour === 'slow') return void callback; // done, and never answers
  return result(code);
};

const port = {
  [name('call.referral')]: once(take),
  [name('call.update')]: once(update),
  [name('call.inquiry')]: once(inquire),
};
for (const call of Object.keys(port)) {
  const serve = port[call];
  port[call] = (args, callback, headers) => {
    const said = serve(args, callback, headers);
    if (said) callback(null, said);
  };
}

const escape = (value) => String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');
const party = (tag, type, of) =>
  `<xrd:${tag} id:objectType="${type}">` +
  ['xRoadInstance', 'memberClass', 'memberCode', 'subsystemCode', 'serviceCode', 'serviceVersion']
    .filter((part) => of[part] !== undefined)
    .map((part) => `<id:${part}>${escape(text(of[part]))}</id:${part}>`)
    .join('') +
  `</xrd:${tag}>`;

const read = (stream) =>
  new Promise((resolve) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });

const http = createServer(async (request, response) => {
  const json = (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (request.method === 'GET' && request.url === '/referrals') return json([...referrals.entries()]);
  if (request.method === 'GET' && request.url === '/inquiries') return json(inquiries);
  if (request.method === 'POST' && request.url === '/behave') {
    const wish = JSON.parse(await read(request));
    if (wish.next === 'land') for (const land of late.splice(0)) land();
    else next = wish.next;
    return json({});
  }
  if (request.method === 'POST' && request.url === '/say') return json(await say(JSON.parse(await read(request))));
  response.writeHead(404).end();
});

const wsdl = /^https?:/.test(values.wsdl) ? await (await fetch(values.wsdl)).text() : readFileSync(values.wsdl, 'utf8');

http.listen(Number(values.port ?? 0), '127.0.0.1', () => {
  const server = soap.listen(http, {
    path: '/benefits',
    services: { BenefitsService: { BenefitsPort: port } },
    xml: wsdl,
    callback: () => console.log(`port ${http.address().port}`),
  });
  // X-Road: the answer repeats the header, and names the hash of the request's bytes.
  server.log = (type, data, request) => {
    if (type === 'received') request.asSent = data;
  };
  server.addSoapHeader((method, args, headers, request) => {
    const hash = createHash('sha512').update(Buffer.from(request.asSent, 'utf8')).digest('base64');
    return [
        party('client', 'SUBSYSTEM', headers.client), party('service', 'SERVICE', headers.service),
        `<xrd:id>${escape(text(headers.id))}</xrd:id>`,
        headers.issue === undefined ? '' : `<xrd:issue>${escape(text(headers.issue))}</xrd:issue>`,
        '<xrd:protocolVersion>4.0</xrd:protocolVersion>',
        `<xrd:requestHash algorithmId="http://www.w3.org/2001/04/xmlenc#sha512">${hash}</xrd:requestHash>`,
      ]
      .join('')
      .replace(/<xrd:(\w+)/g, '<xrd:$1 xmlns:xrd="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"');
  });
});

const end = () => process.exit(0);
if (values.port === undefined) process.stdin.on('end', end).resume();
process.on('SIGTERM', end);
