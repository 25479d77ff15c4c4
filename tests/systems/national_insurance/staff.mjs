// National Insurance's own staff: what they say of a referral, and what their service was given.
//   node staff.mjs --wsdl URL --mapping FILE --referral UUID --referrer ORGANISATION --status CODE
//     [--on YYYYMMDD] [--words TEXT] [--reason WORD] [--outcome WORD] [--id UUID]
//     [--slot YYYYMMDDHHMMSS --offset MINUTES --minutes N --place TEXT]
//   With --base URL, their service, --latest stands for --referral and --referrer of what it was given last.
// Prints the answer; exit 0 where it is a result of 0, 2 where it is another, 3 where it is a fault.
//   node staff.mjs --base URL --mapping FILE list      a line each: number, who referred, service, what it was told since
//   node staff.mjs --base URL content                  everything of each, a line of JSON
// Exit 1: the service was given nothing yet, or is away.
import { parseArgs } from 'node:util';
import { said, say } from './feedback.mjs';
import { namesOf } from './names.mjs';

const text = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ...Object.fromEntries(said.map((each) => [each, text])), base: text, latest: { type: 'boolean', default: false } },
});

const stop = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
};

async function given() {
  try {
    return await (await fetch(`${values.base}/referrals`)).json();
  } catch (error) {
    return stop(`the service is away (${error.cause?.code ?? error.name})`);
  }
}

function line([number, { client, body, updates }]) {
  const { name, word } = namesOf(values.mapping);
  const service = word('service', body[name('referral.element')][name('referral.service')]);
  return [number, client, service, ...updates.map((each) => each.event)].join(' ');
}

async function list(shown) {
  for (const each of await given()) console.log(shown(each));
}

async function latest() {
  const [number, { client }] = (await given()).at(-1) ?? stop('the service was given nothing yet');
  return { referral: number, referrer: client };
}

async function speak() {
  const answer = await say({ ...values, ...(values.latest && (await latest())) });
  console.log(JSON.stringify(answer));
  return answer.fault ? 3 : Number(answer.code) === 0 ? 0 : 2;
}

const [action] = positionals;
if (action === 'list') await list(line);
else if (action === 'content') await list(([number, record]) => JSON.stringify({ number, ...record }));
else process.exit(await speak());
