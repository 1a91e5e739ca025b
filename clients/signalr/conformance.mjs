// Tries the official client of SignalR: node conformance.mjs KIT FAULT[,FAULT...] [WIRE...]; without wires all of them.
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

async function tryOne(wire, fault) {
  const { transport, packed } = wires[wire];
  const address = `${new URL(`/hub?fault=${fault}&ms=400`, kit)}`;
  const recording = await record({ address, id: `js-${wire}-${fault}${process.env.RUN ?? ""}`, transport, retryMs: 50, ...heartbeat[fault], ...(packed ? { protocol: new MessagePackHubProtocol() } : {}) });
  const answer = await fetch(new URL(`/kit/check?fault=${fault}`, kit), { method: 'POST', body: recording });
  const verdict = await answer.json();
  console.log(`${verdict.ok ? 'ok' : 'BROKEN'} ${wire} ${JSON.stringify(verdict)}`);
  return verdict.ok;
}

const runs = (chosen.length > 0 ? chosen : Object.keys(wires)).flatMap(wire => faults.split(',').map(fault => tryOne(wire, fault)));
process.exit((await Promise.all(runs)).every(ok => ok) ? 0 : 1);
