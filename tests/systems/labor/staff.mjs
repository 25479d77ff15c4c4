// The labor arm's own people: what they say of a referral, and what their service was given.
//   node staff.mjs --base URL --url URL --referral UUID --status STATUS [--substatus WORD] [--on RFC3339] [--words TEXT]
//     [--reason WORD] [--outcome WORD] [--id ID] [--if-match ETAG] [--start RFC3339 --minutes N --place TEXT]
//   --base: their service, which signs it; --url: the adapter. --latest stands for --referral of what was given last.
// Prints the answer; exit 0 where it was taken, 2 where it was refused, 3 where nobody answered or the receipt does not fit.
//   node staff.mjs --base URL --mapping FILE list      a line each: id, who referred, service, what it was told since
//   node staff.mjs --base URL content                  everything of each, a line of JSON
// Exit 1: the service was given nothing yet, or is away.
import { parseArgs } from 'node:util';
import { namesOf } from './names.mjs';

const said = ['url', 'referral', 'status', 'substatus', 'on', 'words', 'reason', 'outcome', 'id'];
const beside = ['base', 'mapping', 'if-match', 'start', 'minutes', 'place'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries([...said, ...beside].map((each) => [each, { type: 'string' }])),
    latest: { type: 'boolean', default: false },
  },
});

const stop = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
};

async function asked(path, body) {
  try {
    const post = body && { method: 'POST', body: JSON.stringify(body) };
    return await (await fetch(values.base + path, post)).json();
  } catch (error) {
    return stop(`the service is away (${error.cause?.code ?? error.name})`);
  }
}

function line([referral, { source, data, updates }]) {
  const { name, word } = namesOf(values.mapping);
  const service = word('service', data[name('data.object')][name('object.service')]);
  return [referral, source.split(':').at(-1), service, ...updates.map((each) => each.event)].join(' ');
}

async function list(shown) {
  for (const each of await asked('/referrals')) console.log(shown(each));
}

async function latest() {
  const [referral] = (await asked('/referrals')).at(-1) ?? stop('the service was given nothing yet');
  return { referral };
}

async function speak() {
  const words = Object.fromEntries(said.filter((each) => values[each] !== undefined).map((each) => [each, values[each]]));
  const { start, minutes, place, 'if-match': ifMatch } = values;
  const answer = await asked('/say', {
    ...words, ...(values.latest && (await latest())), ...(ifMatch && { ifMatch }),
    ...(start && { schedule: { start, minutes, place } }),
  });
  console.log(JSON.stringify(answer));
  if (answer.status === 0 || answer.receiptOk === false) return 3;
  return answer.status === 202 ? 0 : 2;
}

const [action] = positionals;
if (action === 'list') await list(line);
else if (action === 'content') await list(([referral, held]) => JSON.stringify({ referral, ...held }));
else process.exit(await speak());
