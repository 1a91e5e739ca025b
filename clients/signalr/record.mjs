// Takes a session to its end with the official client of SignalR, and writes down what it is given, as docs/clients.md says.
import { HubSession } from './session.mjs';

/** @returns {Promise<string>} The recording. */
export async function record(settings) {
  const lines = [];
  const note = line => lines.push(JSON.stringify(line));
  const texts = new Map();
  const tries = new Map();
  const answers = [];

  const session = new HubSession(settings, frame => {
    note({ kind: 'event', frame });
    const { event, data } = frame;
    if (event === 'token_stream' && !data.is_thinking && !data.tool && data.agent_id !== 'user') texts.set(data.node_id, (texts.get(data.node_id) ?? '') + data.chunk);
    if (event === 'execution:paused' && data.reason === 'interrupted') answers.push(command('ResumeSession', `resume-${frame.seq}`, { session_id: settings.id }));   // killed several times in a row, it waits for a person
    if (event !== 'node_state_change') return;
    const turn = `${data.iteration ?? 1}/${data.attempt ?? 1}`;
    if (data.status === 'running' && tries.get(data.node_id) !== turn) {
      tries.set(data.node_id, turn);
      texts.delete(data.node_id);
    }

    if (data.prompt) {
      note({ kind: 'prompt', prompt_id: data.prompt.prompt_id });
      answers.push(command('UserInput', data.prompt.prompt_id, { session_id: settings.id, prompt_id: data.prompt.prompt_id, content: 'yes' }));
    }
  });

  async function command(method, name, data) {
    for (let count = 1; ; count++) {
      const id = `${name}/${count}`;
      note({ kind: 'command', id, cmd: method });
      try {
        note({ kind: 'answer', id, seq: (await session.call(method, data)).seq });
        return;
      } catch (error) {
        note({ kind: 'answer', id, code: error.isLost ? 'connection_lost' : error.message });
        if (!error.isLost) return;
      }
    }
  }

  await session.run({ workflow_id: 'conformance', subject: 'Tea or coffee?' });
  await Promise.all(answers);
  await session.close();
  for (const [node_id, text] of texts) note({ kind: 'text', node_id, text });
  note({ kind: 'end' });
  return lines.join('\n');
}
