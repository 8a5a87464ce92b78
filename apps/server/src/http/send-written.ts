import type { FastifyReply } from 'fastify'

/** Sends JSON that is text already and was checked when it was written: doing both again costs more than all the rest. */
export const sendWritten = (reply: FastifyReply, json: string): FastifyReply =>
  reply.serializer(String).type('application/json; charset=utf-8').send(json)
