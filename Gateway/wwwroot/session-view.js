// One session on the page: folds its events, and draws what they changed with the next frame of the screen.
import { Feed } from './feed.js';
import { NodeCard } from './node-card.js';
import { drawPrompt } from './prompt-form.js';

const byId = (id) => document.getElementById(id);

export class SessionView {
  constructor(id, workflow, onNotice) {
    this.id = id;
    this.workflow = workflow;
    this.onNotice = onNotice;
    this.cards = new Map();
    this.prompts = new Map();
    this.totals = { input_tokens: 0, output_tokens: 0, estimated_cost_usd: 0 };
    this.status = 'running';
    this.text = 'running';
    this.feed = new Feed(id, (frame) => this.apply(frame), (text, canConnect) => {
      byId('connection').textContent = text;
      byId('connect').hidden = !canConnect;
    });
  }

  open(written, origin) {
    byId('origin').hidden = !origin;
    if (origin) this.showOrigin(origin);
    byId('nodes').replaceChildren();
    byId('session-id').textContent = this.id;
    byId('session').hidden = false;
    this.draw();
    this.feed.start(written);
  }

  close() {
    this.closed = true;
    this.feed.stop();
    byId('session').hidden = true;
  }

  showOrigin({ session_id: id, seq }) {
    byId('origin-link').textContent = id;
    byId('origin-link').href = `#${encodeURIComponent(id)}`;
    byId('origin-seq').textContent = seq === 0 ? 'no event' : seq === 1 ? 'its first event' : `its first ${seq} events`;
  }

  get ended() { return ['completed', 'failed', 'cancelled'].includes(this.status); }

  // A session that waits for an answer can be paused, and there is nothing to resume.
  get stopped() { return this.status === 'paused' && this.reason !== 'awaiting_input'; }

  // What the session itself asks holds up all others.
  get prompt() { return this.asked ?? this.prompts.values().next().value; }

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
        if (data.truncated) this.card(data.node_id).cut();
        break;
      case 'execution:paused':
        this.paused(data);
        break;
      case 'execution:completed':
        this.totals = data.totals;
        this.prompts.clear();
        this.asked = undefined;
        this.show(data.status, data.status);
        this.feed.stop();
        break;
      case 'error':
        if (data.node_id && data.code !== 'budget_warning') this.card(data.node_id).fail(data.error);
        else this.onNotice(data.error);
        break;
    }
    this.changed();
  }

  paused({ reason, prompt, held_input: held }) {
    this.reason = reason;
    this.asked = prompt ?? this.asked;
    this.show(`paused: ${reason.replaceAll('_', ' ')}`, 'paused');
    if (!held) return;
    // An answer that waits for the session to go on is an answer: its prompt is not asked again.
    if (held.node_id) this.prompts.delete(held.node_id);
    this.card(held.node_id ?? 'conversation').hold(held.content);
    this.holds = true;
  }

  nodeChanged(data) {
    if (data.status === 'suspended' && data.prompt) this.prompts.set(data.node_id, data.prompt);
    else this.prompts.delete(data.node_id);
    if (data.status === 'running' && !this.ended) {
      this.asked = undefined;
      this.show('running', 'running');
      // What was held comes as said from here on.
      if (this.holds) this.cards.forEach((card) => card.release());
      this.holds = false;
    }
    // A node has a column once it runs and can speak, whatever its type; one without agent and prompt gets it when it does speak.
    if (this.cards.has(data.node_id) || data.prompt || (this.canSpeak(data.node_id) && data.status !== 'pending')) this.card(data.node_id).change(data);
  }

  canSpeak(nodeId) {
    // One for an item of a map is made after the node of that name; of a child workflow nothing is known here.
    const node = this.workflow?.nodes?.[nodeId.replace(/\[.*$/, '')];
    return node ? 'agent' in node || 'prompt' in node || node.type === 'tool' : !nodeId.includes('/');
  }

  show(text, status) {
    this.status = status;
    this.text = text;
  }

  // Draws with the next frame of the screen. A page in the background has none, and is drawn now and then.
  changed() {
    this.dirty = true;
    if (!this.awaitsFrame) this.awaitFrame();
  }

  awaitFrame() {
    this.awaitsFrame = true;
    if (document.hidden) setTimeout(() => this.frame(), 500);
    else requestAnimationFrame(() => this.frame());
  }

  // The longer the text, the longer its layout takes: where that is more than a frame, it gets a quarter of the time, and the
  // events the rest. So a long session opens in a time that grows with its length, and not with its square.
  frame() {
    this.awaitsFrame = false;
    if (this.closed) return;
    const now = performance.now();
    if (this.drawnAt !== undefined) this.drawNext = now + Math.min(1000, 3 * Math.max(0, now - this.drawnAt - 17));
    this.drawnAt = undefined;
    if (this.dirty && !(now < this.drawNext)) {
      this.dirty = false;
      this.drawnAt = now;
      this.draw();
    }
    // One more frame after each drawing, to see how long it took.
    if (this.dirty || this.drawnAt !== undefined) this.awaitFrame();
  }

  draw() {
    const cards = [...this.cards.values()].filter((card) => card.noted.length > 0 || card.changedCalls.size > 0);
    cards.forEach((card) => card.look());
    cards.forEach((card) => card.draw());
    cards.forEach((card) => card.follow());

    const { input_tokens: read, output_tokens: written, estimated_cost_usd: cost, cost_known: known } = this.totals;
    byId('status').textContent = this.text;
    byId('totals').textContent = `${read} tokens in, ${written} out, $${cost.toFixed(4)}${known === false ? ' (not all prices known)' : ''}`;
    byId('pause').disabled = this.ended || this.stopped;
    byId('resume').disabled = !this.stopped || this.asked !== undefined;
    byId('cancel').disabled = this.ended;
    byId('retry').hidden = this.status !== 'failed';
    byId('say').hidden = this.ended;
    drawPrompt(this.prompt);
  }
}
