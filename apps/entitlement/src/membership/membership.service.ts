import { Controller } from '@nestjs/common';
import { GetMembership, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleQuery, requireUser, type QueryContext } from '#messaging';
import { membershipAt } from './membership.rules.js';
import { readMembership } from './membership.store.js';

/** Tells a member how the membership stands. */
@Controller()
export class MembershipService {
  @HandleQuery(GetMembership)
  async getMembership(
    _input: HandledInputOf<typeof GetMembership>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetMembership>> {
    return membershipAt(await readMembership(reader, requireUser(call)), now);
  }
}
