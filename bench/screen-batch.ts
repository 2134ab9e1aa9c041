/** What screening by batches costs on this machine beside a raw signature: `node bench/screen-batch.ts [--json FILE]`. */
import { measure, report } from './measure.ts'
import { screenRows } from './screen-rows.ts'

report(await measure(await screenRows()))
