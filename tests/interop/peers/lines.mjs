// A peer answers calls: one JSON object a line on standard input ({call, ...arguments}), one a
// line on standard output ({result} or {refused}). Whatever a library prints goes to standard error.
import { createInterface } from 'node:readline'

console.log = console.info = console.debug = console.error

const told = (error) => {
  const causes = [error]
  while (causes.at(-1)?.cause && causes.length < 5) causes.push(causes.at(-1).cause)
  for (const one of error?.errors ?? error?.details?.errors ?? []) causes.push(one)
  return causes.map((one) => `${one?.name ?? 'Error'}: ${one?.message ?? one}`).join(' | ')
}

export async function serve(calls) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { call, ...given } = JSON.parse(line)
    let answer
    try {
      answer = { result: (await calls[call](given)) ?? null }
    } catch (error) {
      console.error(error)
      answer = { refused: told(error) }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  process.exit(0)
}
