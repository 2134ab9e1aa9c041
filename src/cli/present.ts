/** `gradecert present`: what a holder shows of an SD-JWT certificate, and to whom. */
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { disclosableClaims } from '../credential/claims.ts'
import { readKey } from '../issue/workspace.ts'
import { present as presentSdJwt } from '../securing/sd-jwt.ts'
import { type Command, clockOf, readGiven } from './command.ts'
import { exitCodes } from './output.ts'

export interface PresentOptions {
  readonly disclose: readonly string[]
  readonly key?: string
  readonly challenge?: string
  readonly domain?: string
  readonly out?: string
}

export const present: Command<PresentOptions, [file: string]> = async (call, file) => {
  const { io, options, voice } = call
  const { disclose, key, challenge, domain, out } = options
  const unknown = disclose.find((name) => !(disclosableClaims as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new CertificateError('cli.field_unknown', { field: unknown, known: disclosableClaims.join(', ') })
  }
  const given = [key, challenge, domain].filter((value) => value !== undefined).length
  if (given !== 0 && given !== 3) throw new CertificateError('cli.binding_incomplete')
  const text = (await readGiven(file)).toString('utf8').trim()
  const presented = await presentSdJwt(text, {
    disclose,
    ...(key !== undefined &&
      challenge !== undefined &&
      domain !== undefined && {
        keyBinding: {
          signer: await readKey('.', key),
          audience: domain,
          nonce: challenge,
          now: clockOf(call),
        },
      }),
  })
  if (out === undefined) io.out(`${presented}\n`)
  else {
    await writeFileWhole(out, `${presented}\n`)
    voice.value({ out, disclosed: disclose })
    voice.say(words.written, { out, fields: disclose.join(', ') || '–' })
  }
  return exitCodes.fine
}

const words = {
  written: {
    en: 'Disclosed in {out}: {fields}. Nothing else can be read from it.',
    zh: '已写入 {out}，披露：{fields}。其余内容无法从中读出。',
  },
} as const
