import { Body, Controller, Inject, Param, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DOSSIER_COMMAND_NAMES, type DossierCommandName } from '#libs/dossier';
import { CommandBody, FileDossierBody, type CommandView } from '#libs/http-api';
import { DomainError, type JsonObject } from '#libs/kernel';
import type { NodeServices } from '#libs/use-cases';
import { hashIn, instantIn, subjectOf, type DossierAddress } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { checked } from '../door.pipe.ts';
import { etag, setWaited } from '../headers.ts';
import { SERVICES } from '../http-options.ts';
import { Patience } from '../patience.ts';
import { Serve } from '../routes/serve.ts';
import { giveCommand, type CommandReply } from './give-command.ts';

@Controller()
export class CommandsController {
  readonly services: NodeServices;
  readonly patience: Patience;

  constructor(@Inject(SERVICES) services: NodeServices, @Inject(Patience) patience: Patience) {
    this.services = services;
    this.patience = patience;
  }

  @Serve('file-dossier')
  async file(
    @CallerOf() caller: Caller,
    @Body(checked(FileDossierBody)) { id, receivingAgency, occurredAt }: FileDossierBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandView> {
    const subject = subjectOf({ agency: receivingAgency, id });
    const given = {
      caller,
      request: response.req,
      command: 'file-dossier' as const,
      subject,
      ...timeOf(occurredAt),
      data: dataOf(response.req),
    };
    const reply = await giveCommand(this, given);
    if (reply.how === 'now' || reply.how === 'waited') response.status(201);
    if (reply.how !== 'on-its-way') response.location(`/v1/dossiers/${receivingAgency}/${id}`);
    return answer(response, reply);
  }

  @Serve('command')
  async give(
    @CallerOf() caller: Caller,
    @Param() address: DossierAddress & { readonly command: string },
    @Body(checked(CommandBody)) { occurredAt, takesOver }: CommandBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CommandView> {
    const given = {
      caller,
      request: response.req,
      command: commandIn(address.command),
      subject: subjectOf(address),
      ...timeOf(occurredAt),
      ...(takesOver === undefined ? {} : { takesOver: hashIn(takesOver) }),
      data: dataOf(response.req),
    };
    return answer(response, await giveCommand(this, given));
  }
}

function commandIn(name: string): DossierCommandName {
  const command = DOSSIER_COMMAND_NAMES.find((known) => known === name);
  if (command === undefined) throw new DomainError('COMMAND_UNKNOWN', 'there is no such command', { command: '' });
  return command;
}

const timeOf = (text: string | undefined) => (text === undefined ? {} : { occurredAt: instantIn(text, 'occurredAt') });

/** As it came: the checked copy of the body may have lost members of odd names, which the contract is to refuse. */
const dataOf = (request: Request): JsonObject => (request.body as { readonly data: JsonObject }).data;

function answer(response: Response, { view, how }: CommandReply): CommandView {
  const last = view.events.at(-1);
  if (last) response.setHeader('ETag', etag(last.hash));
  if (how === 'waited') setWaited(response);
  if (how === 'on-its-way') response.status(202).location(`/v1/commands/${view.command}`);
  return view;
}
