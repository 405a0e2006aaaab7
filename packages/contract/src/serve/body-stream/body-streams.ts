/** The requests of a container that are answered while their bodies come: how many there are, and what each gets of the workers. */
import type { ServingSettings } from '../../serving-settings.js';
import type { FrontState } from '../front-state.js';
import type { Forward } from '../message.js';
import type { Payloads } from '../negotiation.js';
import type { BodyStream } from '../router.js';
import type { RequestHead } from '../worker-message.js';
import { streamBody } from './stream-body.js';
import { createStreamPlanner, streamBytes } from './stream-plan.js';

/** How a request is answered while its body comes; undefined: once all of it is there. @param invoke answers its parts */
export type StreamOf = (request: RequestHead, invoke: Forward) => BodyStream | undefined;

export function createBodyStreams(
  algorithm: Payloads,
  settings: Pick<ServingSettings, 'maxPayloadMb' | 'defaultAccept'>,
  state: Pick<FrontState, 'workers'>,
): StreamOf {
  const planStream = createStreamPlanner(algorithm, settings);
  /** Bodies that are being answered while they come. */
  let streams = 0;
  return (request, invoke) => {
    const plan = planStream?.(request);
    if (!plan) return undefined;
    // One alone keeps all workers busy; several share them.
    const ahead = Math.ceil(state.workers / (streams + 1)) + 1;
    return {
      bytes: streamBytes(ahead),
      answer(sent, left) {
        streams += 1;
        const close = () => {
          streams -= 1;
        };
        return streamBody(request, plan, { ...sent, close }, { invoke, ahead }, left);
      },
    };
  };
}
