// A small live viewer of one session. Text from events only ever becomes text nodes: nothing a model or a user writes is read as HTML.
import { Feed } from './feed.js';
import { NodeCard } from './node-card.js';

const byId = (id) => document.getElementById(id);
let workflows = [];
let session = null;

class Session {
  constructor(id) {
    this.id = id;
    this.cards = new Map();
    this.prompts = new Map();
    this.totals = { input_tokens: 0, output_tokens: 0, estimated_cost_usd: 0 };
    this.status = 'running';
    this.feed = new Feed(id, (frame) => this.apply(frame), (text) => { byId('connection').textContent = text; });
  }

  get ended() { return ['completed', 'failed', 'cancelled'].includes(this.status); }

  card(nodeId) {
    let card = this.cards.get(nodeId);
    if (!card) {
      card = new NodeCard(nodeId);
      this.cards.set(nodeId, card);
      byId('nodes').append(card.element);
    }
    return card;
  }

  apply({ event, data }) {
    switch (event) {
      case 'token_stream':
        this.card(data.node_id ?? 'conversation').append(data);
        break;
      case 'node_state_change':
        this.nodeChanged(data);
        break;
      case 'token_usage':
        for (const name of ['input_tokens', 'output_tokens', 'estimated_cost_usd']) this.totals[name] += data[name];
        if (data.cost_known === false) this.totals.cost_known = false;
        break;
      case 'execution:paused':
        this.show(`paused: ${data.reason.replaceAll('_', ' ')}`, 'paused');
        break;
      case 'execution:completed':
        this.totals = data.totals;
        this.prompts.clear();
        this.show(data.status, data.status);
        this.feed.stop();
        break;
      case 'error':
        if (data.node_id) this.card(data.node_id).fail(data.error);
        else notice(data.error);
        break;
    }
    this.render();
  }

  nodeChanged(data) {
    if (data.status === 'suspended' && data.prompt) this.prompts.set(data.node_id, data.prompt);
    else this.prompts.delete(data.node_id);
    if (data.status === 'running' && !this.ended) this.show('running', 'running');
    // A node has a column once it runs and can speak, whatever its type; one without agent and prompt gets it when it does speak.
    if (this.cards.has(data.node_id) || data.prompt || (this.canSpeak(data.node_id) && data.status !== 'pending')) this.card(data.node_id).change(data);
  }

  canSpeak(nodeId) {
    const node = this.workflow?.nodes?.[nodeId];
    return !node || 'agent' in node || 'prompt' in node;
  }

  show(text, status) {
    this.status = status;
    byId('status').textContent = text;
  }

  render() {
    const { input_tokens: read, output_tokens: written, estimated_cost_usd: cost, cost_known: known } = this.totals;
    byId('totals').textContent = `${read} tokens in, ${written} out, $${cost.toFixed(4)}${known === false ? ' (not all prices known)' : ''}`;
    byId('pause').disabled = this.ended || this.status === 'paused';
    byId('resume').disabled = this.status !== 'paused';
    byId('cancel').disabled = this.ended;
    byId('say').hidden = this.ended;
    const [prompt] = this.prompts.values();
    byId('say-label').textContent = prompt ? prompt.text : 'Say something to the agents';
  }
}

async function call(method, path, body) {
  const response = await fetch(`api/v1${path}`, {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? `The gateway answered ${response.status}.`);
  return answer;
}

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
    notice(error.message);
  }
}

async function open(id) {
  session?.feed.stop();
  session = null;
  byId('session').hidden = true;
  const { workflow_id: workflowId } = await call('GET', `/sessions/${encodeURIComponent(id)}`);
  byId('nodes').replaceChildren();
  session = new Session(id);
  session.workflow = workflows.find((w) => w.id === workflowId);
  byId('session-id').textContent = id;
  byId('session').hidden = false;
  session.show('running', 'running');
  session.render();
  session.feed.start();
}

function describe() {
  byId('about').textContent = workflows.find((w) => w.id === byId('workflow').value)?.description ?? '';
}

byId('start').addEventListener('submit', (submit) => {
  submit.preventDefault();
  attempt(async () => {
    const { session_id: id } = await call('POST', '/sessions', { workflow_id: byId('workflow').value, subject: byId('subject').value });
    history.pushState(null, '', `#${id}`);
    await open(id);
  });
});

for (const command of ['pause', 'resume', 'cancel']) {
  byId(command).addEventListener('click', () => attempt(() => call('POST', `/sessions/${session.id}/${command}`)));
}

byId('say').addEventListener('submit', (submit) => {
  submit.preventDefault();
  attempt(async () => {
    const [prompt] = session.prompts.values();
    await call('POST', `/sessions/${session.id}/input`, { content: byId('content').value, ...(prompt ? { prompt_id: prompt.prompt_id } : { remark: true }) });
    byId('content').value = '';
  });
});

byId('workflow').addEventListener('change', describe);
addEventListener('popstate', () => { if (location.hash.length > 1) attempt(() => open(location.hash.slice(1))); });

await attempt(async () => {
  ({ workflows } = await call('GET', '/workflows'));
  byId('workflow').append(...workflows.map((w) => new Option(w.name ?? w.id, w.id)));
  describe();
  if (location.hash.length > 1) await open(location.hash.slice(1));
});
