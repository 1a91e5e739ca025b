// A column of the viewer: what one node says, thinks, asks and how it stands.
export class NodeCard {
  constructor(nodeId) {
    const id = `node-${nodeId}`;
    this.element = document.createElement('article');
    this.element.className = 'node';
    this.element.setAttribute('aria-labelledby', id);
    const heading = document.createElement('h2');
    heading.id = id;
    const name = document.createElement('span');
    name.textContent = nodeId.replaceAll('_', ' ');
    this.state = document.createElement('span');
    this.state.className = 'state';
    heading.append(name, this.state);
    this.text = document.createElement('div');
    this.text.className = 'text';
    this.text.tabIndex = 0;
    this.text.setAttribute('role', 'log');
    // Read out a token at a time it would be noise; who wants to hear it goes there.
    this.text.setAttribute('aria-live', 'off');
    this.text.setAttribute('aria-labelledby', id);
    this.element.append(heading, this.text);
    this.attempt = 1;
    this.iteration = 1;
  }

  append({ chunk, agent_id: agent, is_thinking: thinking }) {
    const kind = agent === 'user' ? 'user' : thinking ? 'thinking' : 'answer';
    const follows = this.text.scrollHeight - this.text.scrollTop - this.text.clientHeight < 40;
    // What a user says is one piece an event; an agent's pieces run on.
    if (kind !== this.kind || kind === 'user') this.add(kind);
    this.run.appendData(chunk);
    if (follows) this.text.scrollTop = this.text.scrollHeight;
  }

  change({ status, attempt = 1, iteration = 1, prompt }) {
    if (status === 'running' && (attempt > this.attempt || iteration > this.iteration)) {
      // A new attempt voids what the earlier one said; a new round of a loop begins afresh.
      this.text.replaceChildren();
      this.kind = undefined;
      this.attempt = attempt;
      this.iteration = iteration;
    }
    this.element.dataset.status = status;
    this.state.textContent = [status, iteration > 1 && `round ${iteration}`, attempt > 1 && `attempt ${attempt}`].filter(Boolean).join(', ');
    if (prompt) {
      this.add('prompt');
      this.run.appendData(prompt.text);
      this.kind = undefined;
    }
  }

  fail(sentence) {
    this.add('error');
    this.run.appendData(sentence);
    this.kind = undefined;
  }

  add(kind) {
    const span = document.createElement('span');
    span.className = kind;
    this.run = document.createTextNode('');
    span.append(this.run);
    this.text.append(span);
    this.kind = kind;
  }
}
