import fc from 'fast-check'

const ALPHABET = [...'abfzABFZ019%&=?+/.-_~#; \0é']

/** Every text that differs from this one in a single place: a character replaced, left out or put in. */
export function* changedTexts(text: string): Generator<string> {
  for (let at = 0; at <= text.length; at++) {
    const [before, after] = [text.slice(0, at), text.slice(at)]
    if (after !== '') yield before + after.slice(1)
    for (const character of ALPHABET) {
      yield before + character + after
      if (after !== '' && character !== after[0]) yield before + character + after.slice(1)
    }
  }
}

/** A change of one character to any other. */
export const anyChange = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(text.length - 1), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
    .map(([at, character]) => text.slice(0, at) + character + text.slice(at + 1))
    .filter(changed => changed !== text)
