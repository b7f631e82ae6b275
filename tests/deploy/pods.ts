import { at, type Fields, listAt, type Value } from './files.js';

type Check = readonly [isSound: (pod: Fields, container: Fields) => boolean, breach: (container: Fields) => string];

const is = (value: Value | undefined, expected: Value) => JSON.stringify(value) === JSON.stringify(expected);

/** What the strictest profile of a cluster asks of a pod, and what this service asks of one. */
const checks: readonly Check[] = [
  [pod => is(at(pod, 'securityContext.runAsNonRoot'), true), () => 'may be root'],
  [pod => is(at(pod, 'securityContext.seccompProfile.type'), 'RuntimeDefault'), () => 'may call anything'],
  [pod => is(at(pod, 'automountServiceAccountToken'), false), () => 'has a token of the cluster'],
  [pod => is(at(pod, 'enableServiceLinks'), false), () => 'is told of services that are no settings'],
  [(_, own) => is(at(own, 'securityContext.readOnlyRootFilesystem'), true), () => 'may change its own files'],
  [(_, own) => is(at(own, 'securityContext.allowPrivilegeEscalation'), false), () => 'may gain rights'],
  [(_, own) => is(at(own, 'securityContext.capabilities.drop'), ['ALL']), () => 'has capabilities'],
  [(_, { image }) => /:\d[\w.-]*$/.test(String(image)), ({ image }) => `image ${String(image)} is not pinned`],
  [(_, own) => at(own, 'resources.limits.memory') !== undefined, () => 'has no limit of memory'],
  [(_, own) => at(own, 'resources.requests.memory') !== undefined, () => 'asks for no memory'],
  [(_, own) => at(own, 'resources.requests.cpu') !== undefined, () => 'asks for no processor time'],
];

/** What is wrong with a pod and each of its containers, in words. */
export const breachesOfPod = (pod: Fields): readonly string[] =>
  listAt(pod, 'containers').flatMap(container =>
    checks.filter(([isSound]) => !isSound(pod, container)).map(([, breach]) => breach(container)),
  );
