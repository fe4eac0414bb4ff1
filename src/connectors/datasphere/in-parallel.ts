/** Works on items, at most `width` at a time, and yields each result as it comes. What a work throws ends it all, after those under way. */
export async function* inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): AsyncIterable<R> {
  const underWay = new Map<number, Promise<readonly [place: number, result: R]>>();
  let next = 0;
  try {
    while (next < items.length || underWay.size > 0) {
      for (; next < items.length && underWay.size < width; next++) underWay.set(next, placed(next, work(items[next] as T)));
      const [place, result] = await Promise.race(underWay.values());
      underWay.delete(place);
      yield result;
    }
  } finally {
    await Promise.allSettled(underWay.values());
  }
}

async function placed<R>(place: number, work: Promise<R>): Promise<readonly [number, R]> {
  return [place, await work];
}
