/** State that changes, in the shape that `useSyncExternalStore` of React takes: `useSyncExternalStore(store.subscribe, store.getSnapshot)`. */
export interface Store<T> {
  /** Is told of each change; returns what ends that. */
  readonly subscribe: (listener: () => void) => () => void;

  /** The state as it is now; the same object until it changes. */
  readonly getSnapshot: () => T;
}

/** A store whose state its owner replaces. */
export class Signal<T> implements Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly getSnapshot = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    // One function may be subscribed twice, and each of its subscriptions ends by itself.
    const told = (): void => listener();
    this.#listeners.add(told);
    return () => {
      this.#listeners.delete(told);
    };
  };

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }
}
