// A small live viewer of one session. Text from events only ever becomes text nodes: nothing a model or a user writes is read as HTML.
import { call, newId, once } from './api.js';
import { answerOf } from './prompt-form.js';
import { SessionView } from './session-view.js';

const byId = (id) => document.getElementById(id);
let workflows = [];
let session = null;
let opening = null;
let unanswered = null;
const presses = {};

function notice(text) {
  byId('notice').textContent = text ?? '';
  byId('notice').hidden = !text;
}

// Every command of the page goes through here, so that a refusal is always seen.
async function attempt(action) {
  notice();
  try {
    return await action();
  } catch (error) {
    // Nobody waits any more for what was given up.
    if (error.name !== 'AbortError') notice(error.message);
  }
}

// Shows one session, or none. The last call wins: what an earlier one still waits for is given up.
async function open(id) {
  opening?.abort();
  opening = new AbortController();
  const { signal } = opening;
  session?.close();
  session = null;
  if (!id) return;
  const { workflow_id: workflowId, last_seq: written, forked_from: origin } = await call('GET', `/sessions/${encodeURIComponent(id)}`, undefined, signal);
  signal.throwIfAborted();
  session = new SessionView(id, workflows.find((w) => w.id === workflowId), notice);
  session.open(written, origin);
}

function addressed() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
}

function describe() {
  byId('about').textContent = workflows.find((w) => w.id === byId('workflow').value)?.description ?? '';
}

async function start() {
  const asked = { workflow_id: byId('workflow').value, subject: byId('subject').value };
  const key = JSON.stringify(asked);
  // A start whose answer was lost is asked again under the same id: if the gateway has taken it, this one starts nothing.
  if (unanswered?.key !== key) unanswered = { key, id: newId() };
  const { session_id: id } = await call('POST', '/sessions', { ...asked, session_id: unanswered.id });
  unanswered = null;
  history.pushState(null, '', `#${id}`);
  await open(id);
}

// What has failed is tried again in a session of its own, under one id however often the answer is lost.
async function retry() {
  const { id: failed } = session;
  const key = `retry ${failed}`;
  if (unanswered?.key !== key) unanswered = { key, id: newId() };
  const { session_id: id } = await call('POST', `/sessions/${failed}/retry`, { session_id: unanswered.id });
  unanswered = null;
  history.pushState(null, '', `#${id}`);
  await open(id);
}

async function say(action) {
  const { id, prompt } = session;
  const content = byId('content').value;
  await call('POST', `/sessions/${id}/input`, answerOf(prompt, action, content));
  // What was written meanwhile stays.
  if (byId('content').value === content) byId('content').value = '';
}

function onSubmit(form, action) {
  const submitted = once(() => attempt(action), () => JSON.stringify([...byId(form).elements].map((element) => element.value)));
  byId(form).addEventListener('submit', (submit) => {
    submit.preventDefault();
    submitted(submit);
  });
}

onSubmit('start', start);
onSubmit('say', () => say());
byId('actions').addEventListener('click', (click) => {
  const { action } = click.target.dataset;
  // Each action is once of its own: who presses another one means something else.
  if (action) (presses[action] ??= once(() => attempt(() => say(action)), () => `${session?.prompt?.prompt_id} ${byId('content').value}`))(click);
});
for (const command of ['pause', 'resume', 'cancel']) {
  byId(command).addEventListener('click', () => attempt(() => call('POST', `/sessions/${session.id}/${command}`)));
}
byId('retry').addEventListener('click', once(() => attempt(retry), () => session?.id));
byId('connect').addEventListener('click', () => session?.feed.connect());
byId('workflow').addEventListener('change', describe);
addEventListener('popstate', () => attempt(() => open(addressed())));

await attempt(async () => {
  ({ workflows } = await call('GET', '/workflows'));
  byId('workflow').append(...workflows.map((w) => new Option(w.name ?? w.id, w.id)));
  describe();
  if (!session && !opening) await open(addressed());
});
