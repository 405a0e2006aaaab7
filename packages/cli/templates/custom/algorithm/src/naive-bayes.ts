/**
 * Multinomial naive Bayes over words: P(label | text) ∝ P(label) · Π P(word | label), each word as often as the text has
 * it. Words of no training text are left out. Sums are of logarithms, so that long texts do not underflow.
 * Method: Manning, Raghavan, Schütze, Introduction to Information Retrieval, 2008, section 13.2.
 */

/** A trained model. */
export interface NaiveBayes {
  /** Sorted by code units. */
  readonly labels: readonly string[];
  /** [labels] logarithms of the shares of the training texts. */
  readonly priors: readonly number[];
  /** [labels] per word: logarithms of its share of the label's words, smoothed. */
  readonly words: Readonly<Record<string, readonly number[]>>;
}

export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** Counts words from texts that arrive one by one. */
export class WordCounts {
  readonly #labels = new Map<string, LabelCounts>();
  readonly #vocabulary = new Set<string>();

  add({ text, label }: LabelledText): void {
    const counts = this.#labels.get(label) ?? { texts: 0, words: 0, byWord: new Map<string, number>() };
    this.#labels.set(label, counts);
    counts.texts++;
    for (const word of wordsOf(text)) {
      this.#vocabulary.add(word);
      counts.words++;
      counts.byWord.set(word, (counts.byWord.get(word) ?? 0) + 1);
    }
  }

  /** @param smoothing added to each count, above 0 */
  finish(smoothing: number): NaiveBayes {
    const labels = [...this.#labels.keys()].sort();
    const counts = labels.map((label) => this.#labels.get(label)!);
    const texts = counts.reduce((sum, one) => sum + one.texts, 0);
    const shareOf = (word: string) => (one: LabelCounts) =>
      Math.log(((one.byWord.get(word) ?? 0) + smoothing) / (one.words + smoothing * this.#vocabulary.size));
    return {
      labels,
      priors: counts.map((one) => Math.log(one.texts / texts)),
      words: Object.fromEntries([...this.#vocabulary].sort().map((word) => [word, counts.map(shareOf(word))])),
    };
  }
}

/** The most probable label and its probability; of equally probable ones the first. */
export function classify(model: NaiveBayes, text: string): { readonly label: string; readonly probability: number } {
  const scores = [...model.priors];
  for (const word of wordsOf(text)) {
    if (!Object.hasOwn(model.words, word)) continue;
    for (const [index, share] of model.words[word]!.entries()) scores[index]! += share;
  }
  const best = scores.reduce((at, score, index) => (score > scores[at]! ? index : at), 0);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - scores[best]!), 0);
  return { label: model.labels[best]!, probability: 1 / total };
}

// --- internal ---

interface LabelCounts {
  texts: number;
  words: number;
  readonly byWord: Map<string, number>;
}

/** Runs of letters and digits, in lower case. */
function wordsOf(text: string): Iterable<string> {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}
