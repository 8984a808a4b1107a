import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  AddAddress,
  ChangeAddress,
  ListAddresses,
  RemoveAddress,
  SetDefaultAddress,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const addBody = strict(AddAddress.input);
const changeBody = strict(ChangeAddress.input.omit({ id: true }));
const example = {
  body: {
    name: '王小明',
    phone: '138 0013 8000',
    country: 'CN',
    province: '上海市',
    city: '上海市',
    district: '徐汇区',
    address: '漕溪北路 1 号 2 室',
    postal_code: '200030',
    tag: 'home',
    is_default: true,
  },
};

/** The member's delivery addresses (P-07). */
@ApiTags('addresses')
@Controller('v1/addresses')
export class AddressController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListAddresses, access: 'member' })
  list(@CurrentCall() call: Call): Promise<OutputOf<typeof ListAddresses>> {
    return this.messages.query(ListAddresses, {}, call);
  }

  @Post()
  @Endpoint({ contract: AddAddress, access: 'member', status: 201, body: addBody, idempotent: true, example })
  add(
    @Body(new InputPipe(addBody)) body: HandledInputOf<typeof AddAddress>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof AddAddress>> {
    return this.messages.command(AddAddress, body, call, { idempotencyKey });
  }

  @Put(':id')
  @Endpoint({ contract: ChangeAddress, access: 'member', body: changeBody, example })
  change(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ChangeAddress>> {
    return this.messages.command(ChangeAddress, { ...body, id }, call);
  }

  @Put(':id/default')
  @Endpoint({ contract: SetDefaultAddress, access: 'member' })
  setDefault(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SetDefaultAddress>> {
    return this.messages.command(SetDefaultAddress, { id }, call);
  }

  @Delete(':id')
  @Endpoint({ contract: RemoveAddress, access: 'member' })
  remove(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RemoveAddress>> {
    return this.messages.command(RemoveAddress, { id }, call);
  }
}
