// Tries the official client of SignalR: node conformance.mjs KIT FAULT[;FAULT...] [WIRE...]; without wires all of them.
// A fault may say more, as in 'cut&at=1-200'. RUN makes the names of the sessions others, LINE is another way to the kit, RETRY_MS the wait before a connection.
import { HttpTransportType } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { record } from './record.mjs';

const wires = {
  'json-websockets': { transport: HttpTransportType.WebSockets },
  'json-sse': { transport: HttpTransportType.ServerSentEvents },
  'json-polling': { transport: HttpTransportType.LongPolling },
  'messagepack-websockets': { transport: HttpTransportType.WebSockets, packed: true },
  'messagepack-polling': { transport: HttpTransportType.LongPolling, packed: true },
};

const [kit, faults, ...chosen] = process.argv.slice(2);
const heartbeat = { 'half-open': { heartbeatMs: 300, answerMs: 700 } };

async function tryOne(wire, play) {
  const { transport, packed } = wires[wire];
  const [fault] = play.split('&');
  const address = `${new URL(`/hub?fault=${play}&ms=400`, process.env.LINE ?? kit)}`;
  const id = `js-${wire}-${fault}${process.env.RUN ?? ''}`;
  const recording = await record({ address, id, transport, retryMs: Number(process.env.RETRY_MS ?? 50), ...heartbeat[process.env.LINE ? 'half-open' : fault], ...(packed ? { protocol: new MessagePackHubProtocol() } : {}) });
  const answer = await fetch(new URL(`/kit/check?fault=${fault}`, kit), { method: 'POST', body: recording });
  const verdict = await answer.json();
  console.log(`${verdict.ok ? 'ok' : 'BROKEN'} ${wire} ${JSON.stringify(verdict)}`);
  return verdict.ok;
}

const runs = (chosen.length > 0 ? chosen : Object.keys(wires)).flatMap(wire => faults.split(';').map(play => tryOne(wire, play)));
process.exit((await Promise.all(runs)).every(ok => ok) ? 0 : 1);
