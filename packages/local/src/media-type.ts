/** Type and subtype of a media type, without parameters, in small letters. */
export function mediaTypeOf(text: string): string {
  return text.split(';', 1)[0]!.trim().toLowerCase();
}
