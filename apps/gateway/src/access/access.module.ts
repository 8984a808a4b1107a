import { Module } from '@nestjs/common';
import { AccessPolicyResolver } from './access-policy.resolver.js';

/** What REST and the bot both ask for: who may do what. */
@Module({ providers: [AccessPolicyResolver], exports: [AccessPolicyResolver] })
export class AccessModule {}
