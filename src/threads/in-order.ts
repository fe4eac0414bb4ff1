/**
 * What `work` makes of each item, in the items' order, with so many begun beyond the one that is waited for. Nothing goes on behind it: who
 * stops early waits for what was begun.
 */
export async function* inOrder<Item, Made>(
  items: Iterable<Item> | AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Made>,
): AsyncGenerator<Made> {
  const waiting: Promise<Made>[] = [];
  try {
    for await (const item of items) {
      const made = work(item);
      // Who waits for it may come to it only after it has failed.
      made.catch(() => undefined);
      waiting.push(made);
      if (waiting.length > ahead) yield await (waiting.shift() as Promise<Made>);
    }
    while (waiting.length > 0) yield await (waiting.shift() as Promise<Made>);
  } finally {
    await Promise.allSettled(waiting);
  }
}
