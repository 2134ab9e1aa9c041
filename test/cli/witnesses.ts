/** A log and witnesses of it, made and served by the command line, over loopback. */
import { writeFile } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import { gradecert } from './terminal.ts'

export interface WitnessedLog {
  readonly folder: string
  readonly policy: string
  readonly witnesses: readonly string[]
  /** Ends one of the witnesses. */
  stop(index: number): Promise<void>
}

/** A log with some witnesses, of which the policy asks for a number. */
export async function witnessedLog(
  dir: string,
  { count = 3, threshold = 2, now = '2026-03-02T09:00:00Z' } = {},
): Promise<WitnessedLog> {
  const folder = `${dir}/log`
  const made = await gradecert(['log', 'init', folder, '--origin', 'log.example/anchors', '--json'])
  const logKey: string = made.lines[0].vkey
  const names = Array.from({ length: count }, (_, i) => `w${i + 1}`)
  const lines = [`log ${logKey}`]
  const stops: (() => Promise<void>)[] = []
  const witnesses: string[] = []
  for (const name of names) {
    const own = `${dir}/${name}`
    const witness = await gradecert(['witness', 'init', own, '--name', `${name}.example`, '--json'])
    lines.push(`witness ${name} ${witness.lines[0].vkey}`)
    const { url, stop } = await serve(
      ['witness', 'serve', own, '--log', logKey, '--port', '0', '--json', '--quiet'],
      now,
    )
    witnesses.push(url)
    stops.push(stop)
  }
  lines.push(`group enough ${threshold} ${names.join(' ')}`, 'quorum enough', '')
  const policy = `${dir}/policy.txt`
  await writeFile(policy, lines.join('\n'))
  onTestFinished(async () => {
    await Promise.all(stops.map((stop) => stop()))
  })
  return { folder, policy, witnesses, stop: (index) => stops[index]!() }
}

/** Runs a command that listens until it is stopped. */
export async function serve(
  argv: readonly string[],
  now: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  let interrupt = () => {}
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve
  })
  let saw = (_text: string) => {}
  const printed = new Promise<string>((resolve) => {
    saw = resolve
  })
  const running = gradecert(argv, { interrupted: () => interrupted, saw, now })
  const first = await Promise.race([printed, running.then(({ err }) => Promise.reject(new Error(err)))])
  return {
    url: JSON.parse(first).url,
    stop: async () => {
      interrupt()
      await running
    },
  }
}
