// Tries the library: node conformance.mjs KIT FAULT[;FAULT...]; docs/clients.md tells of the kit, and of what is recorded.
// A fault may say more, as in 'cut&at=1-200'. RUN makes the names of the sessions others, LINE is another way to the kit, RETRY_MS the wait before a connection.
import { GatewayClient } from '../dist/index.js';

const [kit, faults] = process.argv.slice(2);
const settings = { 'half-open': { heartbeatMs: 300, answerMs: 700 } };

// Behind the question, which is answered by who watches: earlier there may be nobody yet to be told.
const places = { goodbye: '&at=90' };

async function record(play) {
  const [fault] = play.split('&');
  const lines = [];
  const note = line => lines.push(JSON.stringify(line));
  const client = new GatewayClient(`${new URL(`/ws?fault=${play}&ms=400${places[fault] ?? ''}`, process.env.LINE ?? kit)}`, { reconnect: () => Number(process.env.RETRY_MS ?? 50), ...settings[process.env.LINE ? 'half-open' : fault] });
  const session = await client.start({ workflow_id: 'conformance', subject: 'Tea or coffee?', session_id: `ts-${fault}${process.env.RUN ?? ''}` });

  const answers = [];
  session.onEvent(frame => {
    note({ kind: 'event', frame });
    if (frame.event === 'node_state_change' && frame.data.prompt !== undefined) {
      const promptId = frame.data.prompt.prompt_id;
      note({ kind: 'prompt', prompt_id: promptId });
      answers.push(command('user_input', promptId, () => session.input('yes', { promptId })));
    }

    // Killed several times in a row, a session waits for a person.
    if (frame.event === 'execution:paused' && frame.data.reason === 'interrupted') answers.push(command('resume_session', `resume-${frame.seq}`, () => session.resume()));
  });

  async function command(cmd, name, send) {
    for (let count = 1; ; count++) {
      const id = `${name}/${count}`;
      note({ kind: 'command', id, cmd });
      try {
        note({ kind: 'answer', id, seq: await send() });
        return;
      } catch (error) {
        note({ kind: 'answer', id, code: error.code });
        if (error.code !== 'connection_lost') return;
      }
    }
  }

  await session.completion().catch(error => note({ kind: 'closed', reason: error.message }));
  await Promise.all(answers);
  const texts = new Map(session.getSnapshot().messages.messages.filter(message => message.kind === 'agent').map(message => [message.nodeId, message.text]));
  for (const [node_id, text] of texts) note({ kind: 'text', node_id, text });
  note({ kind: 'end' });
  client.close();
  return lines.join('\n');
}

async function tryOne(play) {
  const [fault] = play.split('&');
  const answer = await fetch(new URL(`/kit/check?fault=${fault}`, kit), { method: 'POST', body: await record(play) });
  const verdict = await answer.json();
  console.log(`${verdict.ok ? 'ok' : 'BROKEN'} ${JSON.stringify(verdict)}`);
  return verdict.ok;
}

process.exit((await Promise.all(faults.split(';').map(tryOne))).every(ok => ok) ? 0 : 1);
