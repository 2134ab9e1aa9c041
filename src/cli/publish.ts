/** `gradecert publish`: the static site and the evidence file. */
import { publish as publishSite } from '../issue/publish.ts'
import { openWorkspace } from '../issue/workspace.ts'
import { builtPage, pageWith } from '../web/page-file.ts'
import { type Command, clockOf } from './command.ts'
import { exitCodes } from './output.ts'

export const publish: Command<object, [out: string | undefined]> = async (call, out) => {
  const { io, voice, options } = call
  const workspace = await openWorkspace(options.dir)
  const empty = await builtPage()
  try {
    const published = await publishSite(workspace, {
      now: clockOf(call),
      out,
      random: io.random,
      page: ({ trust, evidence }) => pageWith(empty, { trust: [trust], evidence: [evidence] }),
    })
    voice.value(published)
    voice.say(words.written, { count: published.files.length, out: published.out })
    voice.say(words.status, {
      revoked: published.revoked,
      suspended: published.suspended,
      until: published.freshUntil,
    })
    if (workspace.settings.site !== undefined) voice.say(words.upload, { site: workspace.settings.site })
    return exitCodes.fine
  } finally {
    workspace.registry.close()
  }
}

const words = {
  written: { en: '{count} files are in {out}.', zh: '{out} 中共有 {count} 个文件。' },
  status: {
    en: '{revoked} revoked, {suspended} suspended. The status lists count until {until}: publish again before.',
    zh: '已撤销 {revoked}，已暂停 {suspended}。状态列表有效至 {until}，请在此之前再次发布。',
  },
  upload: { en: 'Upload them to {site}.', zh: '请上传到 {site}。' },
} as const
