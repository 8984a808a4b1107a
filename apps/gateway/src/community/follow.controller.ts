import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  FollowUser,
  ListFollowers,
  ListFollowing,
  UnfollowUser,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const followBody = strict(FollowUser.input);
const unfollowBody = strict(UnfollowUser.input);
type Page = z.output<typeof pageQuery>;

/** Following members (U-16). */
@ApiTags('community')
@Controller('v1/users/me')
export class FollowController {
  constructor(private readonly messages: MessageClient) {}

  @Post('follows')
  @Endpoint({
    contract: FollowUser,
    access: 'member',
    status: 201,
    body: followBody,
    idempotent: true,
    example: { body: { user_id: 7 }, data: { user_id: 7, following: true } },
  })
  follow(
    @Body(new InputPipe(followBody)) body: HandledInputOf<typeof FollowUser>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof FollowUser>> {
    return this.messages.command(FollowUser, body, call, { idempotencyKey });
  }

  @Post('unfollows')
  @Endpoint({
    contract: UnfollowUser,
    access: 'member',
    status: 201,
    body: unfollowBody,
    idempotent: true,
    example: { body: { user_id: 7 }, data: { user_id: 7, following: false } },
  })
  unfollow(
    @Body(new InputPipe(unfollowBody)) body: HandledInputOf<typeof UnfollowUser>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof UnfollowUser>> {
    return this.messages.command(UnfollowUser, body, call, { idempotencyKey });
  }

  @Get('following')
  @Endpoint({ contract: ListFollowing, access: 'member', query: pageQuery })
  following(
    @Query(new InputPipe(pageQuery)) page: Page,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListFollowing>> {
    return this.messages.query(ListFollowing, page, call);
  }

  @Get('followers')
  @Endpoint({ contract: ListFollowers, access: 'member', query: pageQuery })
  followers(
    @Query(new InputPipe(pageQuery)) page: Page,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListFollowers>> {
    return this.messages.query(ListFollowers, page, call);
  }
}
