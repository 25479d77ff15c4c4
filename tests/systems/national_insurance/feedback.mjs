// One call of our adapter, as National Insurance's client of it (npm soap, from the WSDL that it serves).
import { randomUUID } from 'node:crypto';
import soap from 'soap';
import { namesOf } from './names.mjs';

export const said = [
  'wsdl', 'mapping', 'referral', 'referrer', 'status', 'on', 'words', 'reason', 'outcome', 'id', 'slot', 'offset', 'minutes',
  'place', 'caller', 'instance', 'class', 'subsystem', 'exchange', 'service', 'version', 'protocol',
];

const clients = new Map(); // by the address of the WSDL: read once

async function clientOf(wsdl) {
  if (!clients.has(wsdl)) {
    const client = await soap.createClientAsync(wsdl);
    clients.set(wsdl, client);
  }
  return clients.get(wsdl);
}

// The answer's body; or {fault}.
export async function say(said) {
  const { name } = namesOf(said.mapping);
  const identifiers = { 'id:xRoadInstance': said.instance ?? 'IL', 'id:memberClass': said.class ?? 'GOV' };
  const header = {
    'xrd:client': {
      attributes: { 'id:objectType': 'SUBSYSTEM' },
      ...identifiers, 'id:memberCode': said.caller ?? 'nii', 'id:subsystemCode': said.subsystem ?? 'benefits',
    },
    'xrd:service': {
      attributes: { 'id:objectType': 'SERVICE' },
      ...identifiers, 'id:memberCode': said.referrer, 'id:subsystemCode': said.exchange ?? 'kesher',
      'id:serviceCode': said.service ?? name('call.status'), 'id:serviceVersion': said.version ?? 'v1',
    },
    'xrd:id': said.id ?? randomUUID(),
    'xrd:issue': said.referral,
    'xrd:protocolVersion': said.protocol ?? '4.0',
  };
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const status = {
    [name('status.number')]: said.referral,
    [name('status.code')]: said.status,
    [name('status.on')]: (said.on ?? today) + '000000',
  };
  if (said.reason) status[name('status.reason')] = said.reason;
  if (said.outcome) status[name('status.outcome')] = said.outcome;
  if (said.words) status[name('status.words')] = said.words;
  if (said.slot) {
    status[name('appointment.element')] = {
      [name('appointment.slot')]: said.slot,
      [name('appointment.offset')]: said.offset,
      [name('appointment.minutes')]: said.minutes,
      [name('appointment.place')]: said.place,
    };
  }


  const client = await clientOf(said.wsdl);
  client.clearSoapHeaders();
  client.addSoapHeader(header);
  try {
    const [result] = await client[name('call.status') + 'Async']({ [name('status.element')]: status });
    return { code: result[name('result.code')], field: result[name('result.field')], words: result[name('result.words')] };
  } catch (fault) {
    const told = fault.root?.Envelope?.Body?.Fault;
    return { fault: told ? told.faultcode : fault.message, words: told?.faultstring };
  }
}
