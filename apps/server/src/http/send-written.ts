import type { FastifyReply } from 'fastify'

/** Sends JSON that is bytes already and was checked when it was written: doing both again costs more than all the rest. */
export const sendWritten = (reply: FastifyReply, json: Buffer): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(json)
