import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { CommandContract, EventContract, HandledInputOf, PayloadOf, QueryContract } from '#contracts';
import type { AppError } from '#contracts';
import type { CommandContext, CommandTurn, EventContext, QueryContext, Refusal } from './handler.context.js';

/** A method's descriptor, read-only: a handler may promise less than the contract allows, never more. */
interface Handler<Input, Context, Output> {
  readonly value?: (input: Input, context: Context) => Promise<Output>;
}

function bindParameters(target: object, key: string | symbol): void {
  Payload()(target, key, 0);
  Ctx()(target, key, 1);
}

/** Declares the one handler of a command. A wrong input, output or context does not compile. */
export function HandleCommand<Contract extends CommandContract>(contract: Contract) {
  return (
    target: object,
    key: string | symbol,
    descriptor: Handler<HandledInputOf<Contract>, CommandContext, z.input<Contract['output']> | Refusal>,
  ): void => {
    MessagePattern(contract.name)(target, key, descriptor as PropertyDescriptor);
    bindParameters(target, key);
  };
}

/** Marks, for the transport, a handler that takes commands together. */
export const takesTogether = { together: true };

/**
 * Declares the one handler of a command that many members send at the same time. It is given those that wait, of different
 * callers, all in one transaction (their contexts share `tx` and `now`), and returns for each, in order, its output or the AppError
 * that refuses it. For one that is refused it must have written nothing; it decides all, then writes.
 */
export function HandleCommandsTogether<Contract extends CommandContract>(contract: Contract) {
  return (
    target: object,
    key: string | symbol,
    descriptor: {
      readonly value?: (
        turns: readonly CommandTurn<HandledInputOf<Contract>>[],
      ) => Promise<readonly (z.input<Contract['output']> | AppError)[]>;
    },
  ): void => {
    MessagePattern(contract.name, takesTogether)(target, key, descriptor as PropertyDescriptor);
    bindParameters(target, key);
  };
}

/** Declares the one handler of a query. */
export function HandleQuery<Contract extends QueryContract>(contract: Contract) {
  return (
    target: object,
    key: string | symbol,
    descriptor: Handler<HandledInputOf<Contract>, QueryContext, z.input<Contract['output']>>,
  ): void => {
    MessagePattern(contract.name)(target, key, descriptor as PropertyDescriptor);
    bindParameters(target, key);
  };
}

/** Declares a handler of an event; several handlers of one service run in the same transaction. */
export function HandleEvent<Contract extends EventContract>(contract: Contract) {
  return (target: object, key: string | symbol, descriptor: Handler<PayloadOf<Contract>, EventContext, void>): void => {
    EventPattern(contract.name)(target, key, descriptor as PropertyDescriptor);
    bindParameters(target, key);
  };
}
