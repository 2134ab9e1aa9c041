/** Issues certificates for exam results that come over HTTP, as `gradecert issue` does for files. Needs a workspace, and so Node. */
import { readFile } from 'node:fs/promises'
import { explain } from '../base/message.ts'
import { issueBatch } from '../batch/issue-batch.ts'
import { findingCatalogue } from '../intake/codes.ts'
import type { Finding } from '../intake/finding.ts'
import { judge } from '../intake/judge.ts'
import { readResults } from '../intake/results-file.ts'
import type { Random } from '../issue/random.ts'
import type { Workspace } from '../issue/workspace.ts'
import type { IssueResults, RecordAnswer } from './results-route.ts'

/** @param out the folder into which certificates are written too, one file each */
export const resultsIssuer =
  (
    workspace: Workspace,
    { out, random }: { readonly out: string; readonly random?: Random | undefined },
  ): IssueResults =>
  async (bytes, now) => {
    const { catalogue, settings } = workspace
    const reading = await readResults(bytes, { name: 'results' })
    if (!reading.ok) return refusal(reading.finding)
    const { records, faults } = judge([reading.file], {
      catalogue,
      now,
      zone: settings.zone,
      allowPartial: false,
    })
    const [fault] = faults
    if (fault !== undefined) return refusal(fault.finding)
    const items: RecordAnswer[] = []
    const batch = issueBatch(records, { workspace, out, now, random })
    let step = await batch.next()
    for (; !step.done; step = await batch.next()) {
      const { record, outcome, number, files = [], judged } = step.value
      const [file] = files
      items.push({
        record,
        outcome,
        ...(number !== undefined && { number }),
        ...(file !== undefined && { certificate: JSON.parse(await readFile(file, 'utf8')) }), // our own text
        findings: judged.findings.map(words),
      })
    }
    const { isStopped: _, ...summary } = step.value
    return { ok: true, items, summary }
  }

const refusal = (finding: Finding) => ({ ok: false, ...words(finding) }) as const

const words = ({ code, column, detail }: Finding) => ({
  code,
  ...(column !== undefined && { column }),
  en: explain(findingCatalogue[code], 'en', detail),
  zh: explain(findingCatalogue[code], 'zh', detail),
})
