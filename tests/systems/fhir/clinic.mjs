// The clinic's own staff at their FHIR server: changes a Task as a worker there would, through the public
// REST interface alone, with If-Match.
//
//   clinic.mjs --base URL list      its Tasks, a line of JSON each
//   clinic.mjs --base URL content   everything that it stores, a line of JSON a resource
//   clinic.mjs --base URL ACTION --task ID | --referral UUID | --latest [options]
//
// Actions: accept, waitlist, schedule, no-show, start, hold, complete, reject, fail, show. Options: --at
// 2026-12-01T09:00:00+02:00, --minutes 40, --place TEXT (schedule), --reason CODE, --text TEXT (hold, reject,
// fail), --outcome CODE (complete). Answers with one line of JSON: the Task's id, version and status. Exit
// codes: 0 done, 1 the server refused or there is no such Task, 2 usage.
import { parseArgs } from 'node:util';

const REFERRAL = 'urn:ietf:rfc:3986';
const SDOH = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes';
const concept = (system, code, text) => ({ coding: [{ system, code }], ...(text ? { text } : {}) });

class Refused extends Error {}

const usage = (why) => {
  process.stderr.write(`${why}\nusage: clinic.mjs --base URL ACTION --task ID | --referral UUID | --latest\n`);
  process.exit(2);
};

async function call(base, method, path, body, headers = {}) {
  const answer = await fetch(`${base}/${path}`, {
    method,
    headers: { accept: 'application/fhir+json', 'content-type': 'application/fhir+json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) {
    const places = (said.issue ?? []).flatMap((issue) => issue.expression ?? []);
    throw new Refused(`${method} ${path.split('?')[0]}: ${answer.status} ${places.join(' ')}`.trim());
  }
  return said;
}

const search = async (base, query) =>
  ((await call(base, 'GET', query)).entry ?? []).map((entry) => entry.resource);

// Every kind of resource that a referral makes here or the staff does.
const STORED = ['Appointment', 'Consent', 'Organization', 'Patient', 'Provenance', 'ServiceRequest', 'Task'];
async function content(base) {
  for (const type of STORED) {
    for (const resource of await search(base, `${type}?_count=1000`)) process.stdout.write(`${JSON.stringify(resource)}\n`);
  }
}

// What stands before the staff: a new Task to be decided, or the one that they had in hand last.
const DECIDES = ['accept', 'waitlist', 'reject'];
const OPEN = ['accepted', 'in-progress', 'on-hold'];
const fits = (action) => (task) => (DECIDES.includes(action) ? ['requested', 'received'] : OPEN).includes(task.status);

async function taskOf(base, action, options) {
  if (options.task) return call(base, 'GET', `Task/${encodeURIComponent(options.task)}`);
  const query = options.referral
    ? `Task?identifier=${REFERRAL}%7Curn:uuid:${encodeURIComponent(options.referral)}`
    : 'Task?_count=1000';
  const found = (await search(base, query)).sort((a, b) => (a.meta.lastUpdated < b.meta.lastUpdated ? 1 : -1));
  const first = options.referral ? found[0] : found.find(fits(action)) ?? found[0];
  if (!first) throw new Refused('there is no such Task');
  return first;
}

async function book(base, task, options) {
  const start = new Date(options.at ?? Date.now() + 7 * 24 * 3600 * 1000);
  start.setUTCSeconds(0, 0);
  const end = new Date(start.getTime() + Number(options.minutes) * 60_000);
  const made = await call(base, 'POST', 'Appointment', {
    resourceType: 'Appointment',
    status: 'booked',
    start: start.toISOString(),
    end: end.toISOString(),
    basedOn: [task.focus],
    participant: [{ actor: { reference: 'Location/4', display: options.place }, status: 'accepted' }],
  });
  return { type: { text: 'appointment' }, valueReference: { reference: `Appointment/${made.id}` } };
}

const reason = (options, otherwise) => concept('urn:kesher:reason', options.reason ?? otherwise, options.text);
const changes = {
  accept: () => ({ status: 'accepted', businessStatus: undefined, statusReason: undefined }),
  waitlist: () => ({ status: 'accepted', businessStatus: concept(SDOH, 'not-enrolled-on-waitlist') }),
  schedule: async (base, task, options) => ({
    status: 'accepted',
    businessStatus: undefined,
    output: [...(task.output ?? []), await book(base, task, options)],
  }),
  'no-show': (base, task) => ({
    status: 'accepted',
    businessStatus: concept('urn:kesher:event', 'no_show'),
    output: (task.output ?? []).filter((each) => !each.valueReference?.reference?.startsWith('Appointment/')),
  }),
  start: () => ({ status: 'in-progress', businessStatus: undefined }),
  hold: (base, task, options) => ({ status: 'on-hold', statusReason: reason(options, 'waiting-for-subject') }),
  complete: (base, task, options) => ({
    status: 'completed',
    businessStatus: undefined,
    output: [...(task.output ?? []), {
      type: { text: 'outcome' },
      valueCodeableConcept: concept('urn:kesher:outcome', options.outcome),
    }],
  }),
  reject: (base, task, options) => ({
    status: 'rejected',
    statusReason: reason({ ...options, text: options.text ?? 'אין תור פנוי' }, 'no-capacity'),
  }),
  fail: (base, task, options) => ({ status: 'failed', statusReason: reason(options, 'contact-lost') }),
};

const told = (task) =>
  process.stdout.write(`${JSON.stringify({ id: task.id, version: task.meta.versionId, status: task.status })}\n`);

async function act(action, options) {
  const base = options.base.replace(/\/$/, '');
  if (action === 'list') return (await search(base, 'Task?_count=1000')).forEach(told);
  if (action === 'content') return content(base);
  const task = await taskOf(base, action, options);
  if (action === 'show') return process.stdout.write(`${JSON.stringify(task)}\n`);
  const changed = { ...task, ...(await changes[action](base, task, options)) };
  changed.lastModified = new Date().toISOString().slice(0, 10);
  return told(await call(base, 'PUT', `Task/${task.id}`, changed, { 'if-match': `W/"${task.meta.versionId}"` }));
}

let parsed;
try {
  const text = { type: 'string' };
  parsed = parseArgs({
    allowPositionals: true,
    options: {
      base: text, task: text, referral: text, at: text, place: { type: 'string', default: 'חדר 4' },
      minutes: { type: 'string', default: '40' }, reason: text, text, outcome: { type: 'string', default: 'provided' },
      latest: { type: 'boolean', default: false },
    },
  });
} catch (error) {
  usage(error.message);
}
const { values: options, positionals } = parsed;
const [action] = positionals;
if (!options.base || positionals.length !== 1) usage('a base and one action');
const whole = ['list', 'content'].includes(action);
if (!whole && action !== 'show' && !(action in changes)) usage('no such action');
const named = [options.task, options.referral, options.latest || undefined].filter((each) => each !== undefined);
if (!whole && named.length !== 1) usage('name one Task: --task, --referral or --latest');
if (!(Number(options.minutes) >= 1) || (options.at && Number.isNaN(Date.parse(options.at)))) usage('no such time');

try {
  await act(action, options);
} catch (error) {
  process.stderr.write(`${error instanceof Refused ? error.message : `the server is away (${error.cause?.code ?? error.name})`}\n`);
  process.exit(1);
}
