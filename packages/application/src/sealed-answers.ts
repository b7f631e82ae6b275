import type { PersonalData } from './ports/credentials.js';
import type { Door } from './use-case.js';

/** The fingerprint is a digest of personal data, which can be guessed: it lies sealed beside the answer. */
const fingerprint = 'sealed';

/** A front door whose answers hold personal data: the store keeps them sealed. */
export const sealedAnswers =
  <Input, Value>(through: Door<Input, Value>, personalData: PersonalData): Door<Input, Value> =>
  async ({ input, once }) => {
    if (!once) return through({ input });
    const { request } = once;
    const context = JSON.stringify(['idempotency_keys.response', request.owner, request.key]);
    const sealed = (answer: string) => personalData.seal(JSON.stringify([request.fingerprint, answer]), context);
    const answered = await through({
      input,
      once: {
        request: { ...request, fingerprint },
        answer(result) {
          const answer = once.answer(result);
          return answer === null ? null : sealed(answer);
        },
      },
    });
    if (answered.kind !== 'REPLAY') return answered;
    const [before, response] = JSON.parse(personalData.open(answered.response, context)) as [string, string];
    return before === request.fingerprint ? { kind: 'REPLAY', response } : { kind: 'OTHER_REQUEST' };
  };
