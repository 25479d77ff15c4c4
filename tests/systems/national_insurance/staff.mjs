// National Insurance's own staff: what they say of a referral.
//   node staff.mjs --wsdl URL --mapping FILE --referral UUID --referrer ORGANISATION --status CODE
//     [--on YYYYMMDD] [--words TEXT] [--reason WORD] [--outcome WORD] [--id UUID]
//     [--slot YYYYMMDDHHMMSS --offset MINUTES --minutes N --place TEXT]
// Prints the answer; exit 0 where it is a result of 0, 2 where it is another, 3 where it is a fault.
import { parseArgs } from 'node:util';
import { said, say } from './feedback.mjs';

const { values } = parseArgs({ options: Object.fromEntries(said.map((each) => [each, { type: 'string' }])) });
const answer = await say(values);
console.log(JSON.stringify(answer));
process.exit(answer.fault ? 3 : Number(answer.code) === 0 ? 0 : 2);
