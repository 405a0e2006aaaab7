/** That a sample shows each content type of the definition in each of its uses: real-time requests and batch transforms. */
import type { AlgorithmDescription } from '@algo/local';

type Use = readonly { readonly contentType: string; readonly accept: string }[];

/** @throws Error that names the first content type of the definition that no sample shows */
export function checkTypes(
  name: string,
  { InferenceSpecification }: AlgorithmDescription,
  uses: Readonly<Record<string, Use>>,
): void {
  const { SupportedContentTypes, SupportedResponseMIMETypes } = InferenceSpecification;
  const plain = (type: string) => type.replace(/;.*/, '');
  for (const [use, samplesOfUse] of Object.entries(uses)) {
    const sent = new Set(samplesOfUse.map(({ contentType }) => plain(contentType)));
    const answered = new Set(samplesOfUse.map(({ accept }) => plain(accept)));
    const missing =
      SupportedContentTypes.find((type) => !sent.has(type)) ??
      SupportedResponseMIMETypes.find((type) => !answered.has(type));
    if (missing !== undefined) throw new Error(`${name}: each content type needs a ${use}; ${missing} has none.`);
  }
}
