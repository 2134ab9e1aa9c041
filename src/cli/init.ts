/** `gradecert init`: makes an issuing workspace. */
import { join } from 'node:path'
import { CertificateError } from '../base/errors.ts'
import { regionDigits } from '../certificate/number.ts'
import { createWorkspace } from '../issue/create-workspace.ts'
import { workspaceFiles } from '../issue/workspace.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import { listSizes } from '../status/bitstring.ts'
import { type Command, clockOf, dateOption } from './command.ts'
import { exitCodes } from './output.ts'

export interface InitOptions {
  readonly name: string
  readonly nameEn?: string
  readonly did?: string
  readonly algorithm?: SigningAlgorithm
  readonly agencyCode?: string
  readonly uscc?: string
  readonly region?: string
  readonly from?: string
  /** One of `listSizes`. */
  readonly statusEntries?: string
  readonly registry?: 'postgres'
}

export const init: Command<InitOptions, [dir: string | undefined]> = async (call, dir = call.options.dir) => {
  const { options, voice, io } = call
  const { region, agencyCode, uscc, nameEn } = options
  if (options.name.trim() === '') throw new CertificateError('cli.name_missing')
  if (region !== undefined && regionDigits[region] === undefined) {
    throw new CertificateError('cli.region_unknown', { region })
  }
  if (agencyCode !== undefined && !/^[0-9A-Z]{4}$/.test(agencyCode)) {
    throw new CertificateError('cli.agency_code_malformed', { code: agencyCode })
  }
  const workspace = await createWorkspace(dir, {
    labels: { 'zh-Hans': options.name, ...(nameEn !== undefined && { en: nameEn }) },
    did: options.did,
    algorithm: options.algorithm,
    agencyCode,
    uscc,
    region,
    from: dateOption(options.from),
    statusListEntries: listSizes.find((size) => String(size) === options.statusEntries),
    registry: options.registry,
    now: clockOf(call),
    random: io.random,
  })
  workspace.registry.close()
  const { did } = workspace.settings
  voice.value({ workspace: dir, did, verificationMethod: workspace.signer.verificationMethod })
  voice.say(words.made, { dir, did })
  voice.say(words.next, { dir, trust: workspaceFiles.trust })
  voice.warn(words.unconfirmed, { file: join(dir, workspaceFiles.catalogue) })
  return exitCodes.fine
}

const words = {
  made: {
    en: 'A workspace stands in {dir}.\nIssuer: {did}',
    zh: '工作目录已建立：{dir}\n签发者：{did}',
  },
  next: {
    en: 'Next: cd {dir}, then\n  gradecert check RESULTS      what would be issued\n  gradecert issue RESULTS      certificates into out/\n  gradecert publish            status lists and evidence into public/\nGive employers {trust}: it is a trial list, signed by a trial authority, until the supervising authority signs yours.\nKeep copies of keys/ where nobody else can read them.',
    zh: '下一步：cd {dir}，然后\n  gradecert check 成绩文件      查看将签发什么\n  gradecert issue 成绩文件      签发证书到 out/\n  gradecert publish            发布状态列表和证据到 public/\n请把 {trust} 交给用人单位：在主管部门签署正式列表之前，它只是由试用机构签署的试用列表。\n请妥善备份 keys/，不得让他人读取。',
  },
  unconfirmed: {
    en: 'Training hours and directions in {file} are assumptions. Correct them, then set "confirmed" to true.',
    zh: '{file} 中的培训学时和职业方向为暂定值。请核对更正后将 "confirmed" 设为 true。',
  },
} as const
