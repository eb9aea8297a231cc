// Finds the word that somebody meant who wrote another one.

/** The nearest of `words` when it is near enough to be meant: letter case and signs apart, or a few letters off. */
export function nearMiss(written: string, words: readonly string[]): string | undefined {
  const plain = folded(written);
  if (plain === "") return undefined;
  const ranked = words
    .map((word) => ({ word, distance: distanceOf(plain, folded(word)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : undefined;
}

function folded(word: string): string {
  return word
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}

/** Letters to insert, remove or replace; the start of a word ("timeout" for "timeoutMinutes") counts as one. */
function distanceOf(written: string, word: string): number {
  if (written !== word && written.length >= 4 && word.startsWith(written)) return 1;
  // From what is read of `written` so far to the start of `word` that ends at each of its letters.
  let row = Array.from(word, (_, at) => at + 1);
  for (const [line, letter] of [...written].entries()) {
    let corner = line;
    let left = line + 1;
    row = row.map((above, at) => {
      left = Math.min(corner + (word[at] === letter ? 0 : 1), above + 1, left + 1);
      corner = above;
      return left;
    });
  }
  return row.at(-1) ?? written.length;
}
