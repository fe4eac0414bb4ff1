/** What `work` makes of each item, in the items' order, with so many begun beyond the one that is waited for. */
export async function* inOrder<Item, Made>(
  items: AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Made>,
): AsyncGenerator<Made> {
  const waiting: Promise<Made>[] = [];
  for await (const item of items) {
    const made = work(item);
    // Who waits for it may come to it only after it has failed.
    made.catch(() => undefined);
    waiting.push(made);
    if (waiting.length > ahead) yield (await waiting.shift()) as Made;
  }
  for (const made of waiting) yield await made;
}
