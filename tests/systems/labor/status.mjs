// One status event to our adapter, built by npm cloudevents and signed by npm jose, and the adapter's answer.
import { createHash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { CloudEvent, HTTP } from 'cloudevents';
import { isSigned, makeKey, sign, signatureHeader } from './signature.mjs';

// No connection outlives its call: an adapter that stops waits for none of ours.
export const call = (method, url, headers = {}, body = undefined) =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject);
    asked.end(body);
  });

const json = (bytes) => {
  try {
    return JSON.parse(bytes);
  } catch {
    return {};
  }
};

function eventOf(said, name) {
  const data = {
    '@context': 'https://schema.org/',
    [name('data.action')]: 'UpdateAction',
    [name('data.status')]: said.status,
    ...(said.substatus && { [name('data.substatus')]: said.substatus }),
    ...(said.reason && { [name('data.error')]: { [name('error.reason')]: said.reason } }),
    ...(said.outcome && { [name('data.outcome')]: said.outcome }),
    ...(said.words && { [name('data.need')]: said.words }),
    ...(said.schedule && {
      [name('data.schedule')]: {
        [name('schedule.start')]: said.schedule.start,
        [name('schedule.minutes')]: `PT${said.schedule.minutes}M`,
        [name('schedule.place')]: said.schedule.place,
      },
    }),
  };
  return new CloudEvent({
    id: said.id ?? randomUUID(),
    source: said.source,
    type: said.type ?? name('type.status'),
    ...(said.on && { time: said.on }),
    datacontenttype: 'application/json',
    [name('attribute.referral')]: said.referral,
    data,
  });
}

async function spoilt(how, key, body) {
  const jws = await sign(how === 'key' ? await makeKey() : key, body);
  if (how === 'signature') return { jws: jws.replace(/\.\.(.)/, (all, first) => (first === 'A' ? '..B' : '..A')), body };
  if (how === 'body') return { jws, body: body + ' ' };
  return { jws, body };
}

// {status, code, title, faults, etag, location, receiptOk, words}; {status, code: "not_allowed"} where our origin may
// not send at all; {status: 0} where nobody answered.
export async function say(said, key, { name }) {
  try {
    const asked = await call('OPTIONS', `${said.url}/events`, { 'WebHook-Request-Origin': said.origin });
    if (![said.origin, '*'].includes(asked.headers['webhook-allowed-origin'])) return { status: asked.status, code: 'not_allowed' };
    const written = HTTP.structured(eventOf(said, name));
    const { jws, body } = await spoilt(said.spoil, key, written.body);
    const headers = { ...written.headers, [signatureHeader]: jws, ...(said.ifMatch && { 'If-Match': said.ifMatch }) };
    const answer = await call('POST', `${said.url}/events`, headers, body);
    const { etag, location } = answer.headers;
    if (answer.status !== 202) {
      const { code, title, faults } = json(answer.body);
      return { status: answer.status, code, title, faults, etag, location };
    }
    const theirs = json((await call('GET', `${said.url}/jwks`)).body);
    const receipt = HTTP.toEvent({ headers: answer.headers, body: answer.body.toString() });
    receipt.validate();
    const receiptOk =
      (await isSigned(answer.headers[signatureHeader], answer.body, theirs)) &&
      receipt.type === name('type.receipt') &&
      receipt.data[name('receipt.event')] === json(body).id &&
      receipt.data[name('receipt.digest')] === createHash('sha256').update(body).digest('hex');
    return { status: 202, etag, location, receiptOk, words: receipt.data[name('receipt.words')] };
  } catch (error) {
    return { status: 0, code: error.code ?? error.name, title: error.message };
  }
}
