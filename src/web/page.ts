/** The verifier page: takes what a person gives, hands it to a worker, and draws what comes back. One script for both. */

import { CodedError } from '../base/coded-error.ts'
import { instantAt } from '../base/instant.ts'
import type { Language } from '../base/message.ts'
import { version } from '../base/version.ts'
import { filled } from '../base/visible.ts'
import { readEvidence } from '../evidence/evidence.ts'
import { type RosterPerson, readRoster } from '../intake/roster.ts'
import { reportWriters } from '../render/report-writers.ts'
import { readTrust } from '../trust/trust.ts'
import type { Verdict } from '../verify/report.ts'
import { type Camera, openCamera } from './camera.ts'
import { certificateView, oddNames } from './certificate-view.ts'
import { fileButton, save } from './controls.ts'
import { element, fill, foreign, placed } from './element.ts'
import { joined, readGiven } from './given.ts'
import { judgeFiles } from './judge-worker.ts'
import type { Given, JudgeRequest, Left, NamedFile, WorkerMessage } from './messages.ts'
import { rosterView } from './roster-view.ts'
import { chosenFiles, droppedFiles, type Found } from './sources.ts'
import { firstTable, type Judged, resultTable, type TableState, tableControls } from './table-view.ts'
import { itemsIn, trustLines } from './trust-lines.ts'
import { leftAloneWords, pageWords } from './words.ts'

/** Everything that the page shows follows from this. */
interface State {
  language: Language
  /** What came with the page, then what the person loaded. */
  readonly builtIn: Given
  given: Given
  run: number
  found: Found
  judged: Judged[]
  leftAlone: Left[]
  expected: number | undefined
  /** `waiting` until something is given, `reading` until it is known what that holds. */
  phase: 'waiting' | 'reading' | 'judging' | 'done'
  /** Workers that have not finished. */
  atWork: number
  fault: string | undefined
  started: number
  ended: number
  /** Asks that wait for an answer of the person. */
  asks: { readonly kind: 'trust' | 'chains'; readonly path: string; readonly text: string }[]
  opened: Judged | undefined
  table: TableState
  roster: readonly RosterPerson[] | undefined
  camera: Camera | undefined
  isScanning: boolean
}

const nothingFound: Found = { files: [], leftAlone: [] }

function startPage(): void {
  const builtIn = readGiven()
  const state: State = {
    language: /^zh/i.test(navigator.language) ? 'zh' : 'en',
    builtIn,
    given: { trust: [], evidence: [] },
    run: 0,
    found: nothingFound,
    judged: [],
    leftAlone: [],
    expected: undefined,
    phase: 'waiting',
    atWork: 0,
    fault: undefined,
    started: 0,
    ended: 0,
    asks: [],
    opened: undefined,
    table: firstTable,
    roster: undefined,
    camera: undefined,
    isScanning: false,
  }
  const root = document.body
  const workers: Worker[] = []
  // A page from a disk has no address to load a second script from: workers are made from this one's text.
  const source = (document.getElementById('program') as HTMLScriptElement).textContent ?? ''
  const pictures = new Map<string, string>()

  function startWorker(): Worker {
    const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    const made = new Worker(address)
    URL.revokeObjectURL(address)
    made.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => take(data))
    made.addEventListener('error', () => {
      state.fault = pageWords.crashed[state.language]
      state.phase = 'done'
      for (const one of workers.splice(0)) one.terminate()
      draw()
    })
    return made
  }

  /** What was found before is gone from the page at once: it is no answer to what comes now. */
  function clear(phase: State['phase']): number {
    for (const address of pictures.values()) URL.revokeObjectURL(address)
    pictures.clear()
    Object.assign(state, {
      run: state.run + 1,
      found: nothingFound,
      judged: [],
      leftAlone: [],
      expected: undefined,
      phase,
      fault: undefined,
      asks: [],
      opened: undefined,
      table: firstTable,
      roster: undefined,
    })
    draw()
    return state.run
  }

  /** Judges files, in place of those before. */
  function judge({ files, leftAlone }: Found): void {
    if (state.isScanning) closeCamera()
    clear(files.length === 0 ? 'done' : 'reading')
    Object.assign(state, {
      found: { files, leftAlone },
      leftAlone: [...leftAlone],
      started: performance.now(),
    })
    draw()
    if (files.length === 0) return
    const isMuch = files.length > manyFiles || files.some(({ blob }) => blob.size > manyBytes)
    const of = isMuch ? Math.min(mostWorkers, navigator.hardwareConcurrency || 1) : 1
    while (workers.length < of) workers.push(startWorker())
    state.atWork = of
    const now = instantAt(Date.now())
    const given = joined(state.builtIn, state.given)
    for (const [index, worker] of workers.entries()) {
      // Those that have nothing to do leave what they were at.
      const request: JudgeRequest = { run: state.run, given, files, now, part: { index, of } }
      worker.postMessage(index < of ? request : { ...request, run: -state.run, files: [] })
    }
  }

  function take(message: WorkerMessage): void {
    if (message.run !== state.run) return
    const takers: {
      readonly [Kind in WorkerMessage['kind']]: (one: Extract<WorkerMessage, { kind: Kind }>) => void
    } = {
      expected: ({ count }) => {
        state.expected = count
        state.phase = 'judging'
      },
      judged: ({ path, place, report }) => {
        state.judged.push({ path, place, report })
      },
      left_alone: ({ path, why, detail = '' }) => {
        state.leftAlone.push({ path, why, detail })
      },
      trust_met: ({ path, text }) => {
        state.asks.push({ kind: 'trust', path, text })
      },
      chains_met: ({ path, text }) => {
        state.asks.push({ kind: 'chains', path, text })
      },
      evidence_met: ({ texts }) => {
        state.given = { ...state.given, evidence: [...new Set([...state.given.evidence, ...texts])] }
        drawTrust()
      },
      refused: ({ what }) => {
        state.fault = filled(pageWords.refused[state.language], { what })
        state.phase = 'done'
      },
      done: () => {
        state.atWork--
        if (state.atWork > 0) return
        state.phase = 'done'
        state.ended = performance.now()
        state.judged.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1])
        if (state.judged.length === 1) state.opened = state.judged[0]
        drawRoster()
      },
    }
    ;(takers[message.kind] as (one: WorkerMessage) => void)(message)
    drawSoon()
  }

  let isDrawing = false
  /** Thousands of messages come in a second; the page is drawn a few times in it. */
  function drawSoon(): void {
    if (isDrawing) return
    isDrawing = true
    setTimeout(
      () => {
        isDrawing = false
        drawResults()
      },
      state.phase === 'done' ? 0 : 250 + state.judged.length / 10,
    )
  }

  function judgeText(text: string, name: string): void {
    const given = text.trim()
    const file: NamedFile = { path: name, blob: new Blob([given]), from: 'text' }
    judge({ files: given === '' ? [] : [file], leftAlone: [] })
  }

  async function scan(): Promise<void> {
    if (state.isScanning) return stopScan()
    state.isScanning = true
    clear('waiting')
    const camera = await openCamera(video, (text) => {
      state.isScanning = false
      state.camera = undefined
      judgeText(text, pageWords.scanned[state.language])
    })
    if (camera !== null && state.isScanning) state.camera = camera
    else {
      camera?.stop()
      if (camera === null && state.isScanning) {
        state.isScanning = false
        state.fault = pageWords.noCamera[state.language]
        draw()
      }
    }
  }

  function closeCamera(): void {
    state.camera?.stop()
    state.camera = undefined
    state.isScanning = false
  }

  function stopScan(): void {
    closeCamera()
    draw()
  }

  const header = element('header', { class: 'page' })
  // It goes on showing what the camera sees, whatever is drawn around it.
  const video = element('video', { id: 'camera', muted: true, playsinline: true })
  const inputs = element('section', { class: 'inputs' })
  const trustBox = element('section', { class: 'trust', 'aria-labelledby': 'trust-title' })
  const live = element('p', { class: 'progress', role: 'status', 'aria-live': 'polite' })
  const results = element('section', { class: 'all' })
  const main = element('main', {}, inputs, trustBox, live, results)
  fill(root, header, main)

  function draw(): void {
    const { language } = state
    const text = (words: Readonly<Record<Language, string>>) => words[language]
    document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en'
    document.title = text(pageWords.title)
    fill(
      header,
      element('h1', {}, text(pageWords.title)),
      element('p', {}, text(pageWords.promise)),
      element(
        'button',
        {
          type: 'button',
          lang: language === 'zh' ? 'en' : 'zh-Hans',
          class: 'language',
          click: () => {
            state.language = language === 'zh' ? 'en' : 'zh'
            draw()
          },
        },
        text(pageWords.otherLanguage),
      ),
    )
    drawInputs()
    drawTrust()
    drawRoster()
    drawResults()
  }

  function drawInputs(): void {
    const { language } = state
    const text = (words: Readonly<Record<Language, string>>) => words[language]
    video.setAttribute('aria-label', text(pageWords.scanning))
    const area = element('textarea', { id: 'text', rows: 3, spellcheck: 'false', autocomplete: 'off' })
    fill(
      inputs,
      element(
        'div',
        { class: 'drop' },
        element('p', { class: 'large' }, text(pageWords.drop)),
        element('p', {}, text(pageWords.dropHint)),
        element(
          'p',
          { class: 'buttons' },
          fileButton(text(pageWords.chooseFiles), { id: 'files', multiple: true }, (list) =>
            judge(chosenFiles(list)),
          ),
          fileButton(text(pageWords.chooseFolder), { id: 'folder', webkitdirectory: true }, (list) =>
            judge(chosenFiles(list)),
          ),
          element(
            'button',
            { type: 'button', id: 'scan', click: () => void scan() },
            text(state.isScanning ? pageWords.stopScan : pageWords.scan),
          ),
        ),
        state.isScanning
          ? element('div', { class: 'camera' }, element('p', {}, text(pageWords.scanning)), video)
          : null,
      ),
      element(
        'details',
        { class: 'paste' },
        element('summary', {}, text(pageWords.paste)),
        element('label', { for: 'text', class: 'hidden' }, text(pageWords.paste)),
        area,
        element(
          'button',
          { type: 'button', id: 'verify-text', click: () => judgeText(area.value, text(pageWords.pasted)) },
          text(pageWords.verifyText),
        ),
      ),
    )
    // A film that was taken out of the page for a moment stands still.
    if (state.camera !== undefined) void video.play().catch(() => undefined)
  }

  function drawTrust(): void {
    const { language } = state
    const text = (words: Readonly<Record<Language, string>>) => words[language]
    const lists = [
      ...trustLines(state.builtIn.trust, text(pageWords.trustBuiltIn)),
      ...trustLines(state.given.trust, text(pageWords.trustLoaded)),
    ]
    const count = joined(state.builtIn, state.given).evidence.reduce((sum, one) => sum + itemsIn(one), 0)
    fill(
      trustBox,
      element('h2', { id: 'trust-title' }, text(pageWords.trustTitle)),
      lists.length === 0
        ? element('p', { class: 'warning' }, text(pageWords.trustNone))
        : element(
            'ul',
            {},
            lists.map(({ name, isTrial, from }) =>
              element(
                'li',
                {},
                foreign(name, oddNames(language)),
                isTrial ? element('strong', { class: 'trial' }, ` ${text(pageWords.trustTrial)}`) : null,
                ` — ${from}`,
              ),
            ),
          ),
      element(
        'p',
        {},
        count === 0 ? text(pageWords.evidenceNone) : filled(text(pageWords.evidenceCount), { count }),
      ),
      element(
        'p',
        { class: 'buttons' },
        fileButton(
          text(pageWords.trustLoad),
          { id: 'trust', accept: '.json' },
          (list) => void loadTrust(list),
        ),
        fileButton(
          text(pageWords.evidenceLoad),
          { id: 'evidence', accept: '.json', multiple: true },
          (list) => void loadEvidence(list),
        ),
      ),
    )
  }

  /** Choosing a file at this button is naming whom one trusts. */
  async function loadTrust(list: FileList): Promise<void> {
    load(await textsIn(list), addTrust)
  }

  async function loadEvidence(list: FileList): Promise<void> {
    load(await textsIn(list), addEvidence)
  }

  const textsIn = (list: FileList): Promise<readonly string[]> =>
    Promise.all([...list].map((file) => file.text()))

  function addTrust(trust: string): void {
    readTrust(trust)
    state.given = { ...state.given, trust: [...new Set([...state.given.trust, trust])] }
  }

  function addEvidence(evidence: string): void {
    readEvidence(evidence)
    state.given = { ...state.given, evidence: [...new Set([...state.given.evidence, evidence])] }
  }

  /** Takes what can be taken and says what cannot; the same files are judged under what is trusted now. */
  function load(texts: readonly string[], add: (text: string) => void): void {
    state.fault = undefined
    for (const text of texts) attempt(() => add(text))
    again()
  }

  function attempt(act: () => void): void {
    try {
      act()
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      state.fault = error.explain(state.language)
    }
  }

  function again(): void {
    const { fault, found, roster } = state
    if (found.files.length > 0) judge(found)
    state.fault = fault
    state.roster = roster
    draw()
  }

  function drawResults(): void {
    const { language, judged, opened } = state
    const text = (words: Readonly<Record<Language, string>>) => words[language]
    main.classList.toggle('has-results', state.phase !== 'waiting')
    fill(live, progressText())
    const parts: (HTMLElement | null)[] = [
      state.fault === undefined
        ? null
        : element('p', { class: 'warning', role: 'alert' }, foreign(state.fault, oddNames(language))),
      ...state.asks.map(askView),
    ]
    if (opened !== undefined) {
      parts.push(
        element(
          'p',
          { class: 'buttons no-print' },
          judged.length > 1
            ? element(
                'button',
                { type: 'button', id: 'back', click: () => open(undefined) },
                text(pageWords.back),
              )
            : null,
          element(
            'button',
            { type: 'button', id: 'print', click: () => window.print() },
            text(pageWords.print),
          ),
        ),
        element('h2', { class: 'print-only' }, text(pageWords.receipt)),
        certificateView(opened.report, {
          language,
          path: opened.path,
          program: `gradecert ${version}`,
          picture: pictureOf(opened.path),
        }),
      )
    } else if (judged.length > 0) {
      const options = { language, state: state.table, change: changeTable, open }
      parts.push(
        tableControls(options),
        element(
          'p',
          { class: 'buttons' },
          element('button', { type: 'button', id: 'csv', click: saveCsv }, text(pageWords.saveCsv)),
          fileButton(
            text(pageWords.roster),
            { id: 'roster', accept: '.csv,.txt' },
            (list) => void compareRoster(list[0]),
          ),
        ),
        rosterBox,
        resultTable(judged, options),
      )
    }
    if (state.leftAlone.length > 0) parts.push(leftAloneView())
    // What is being typed into the search stays where it is.
    const focused = document.activeElement?.id
    const typed =
      document.activeElement instanceof HTMLInputElement ? document.activeElement.selectionStart : null
    fill(results, parts)
    if (focused !== undefined && focused !== '') {
      const field = document.getElementById(focused)
      field?.focus()
      if (field instanceof HTMLInputElement && field.type === 'search' && typed !== null)
        field.setSelectionRange(typed, typed)
    }
  }

  function progressText(): string {
    const { language, phase, expected, judged, fault } = state
    if (phase === 'waiting') return ''
    if (phase !== 'done')
      return expected === undefined
        ? pageWords.reading[language]
        : filled(pageWords.working[language], { done: judged.length, total: expected })
    if (fault !== undefined) return ''
    if (judged.length === 0)
      return state.asks.length > 0 || state.leftAlone.some(({ why }) => why === 'evidence_taken')
        ? ''
        : pageWords.nothing[language]
    const counts: Record<Verdict, number> = { valid: 0, invalid: 0, undetermined: 0 }
    for (const { report } of judged) counts[report.verdict]++
    const seconds = (state.ended - state.started) / 1000
    const rate =
      judged.length > 100
        ? ` ${filled(pageWords.rate[language], { rate: Math.round(judged.length / seconds) })}`
        : ''
    return `${filled(pageWords.ready[language], { ...counts, total: judged.length })}${rate}`
  }

  function changeTable(table: TableState): void {
    state.table = table
    drawResults()
  }

  function open(judged: Judged | undefined): void {
    state.opened = judged
    drawResults()
    if (judged !== undefined) document.getElementById('finding')?.focus()
    window.scrollTo(0, 0)
  }

  /** The picture that was given, for the eye beside what counts. */
  function pictureOf(path: string): string | undefined {
    const known = pictures.get(path)
    if (known !== undefined) return known
    const [file, another] = state.found.files.filter((one) => one.path === path)
    // An SVG is a document; shown as a picture it runs nothing, and loads nothing.
    if (file === undefined || another !== undefined || !/\.(png|jpe?g|gif|webp|bmp|svg)$/i.test(path))
      return undefined
    const type = path.toLowerCase().endsWith('.svg') ? 'image/svg+xml' : ''
    const address = URL.createObjectURL(type === '' ? file.blob : new Blob([file.blob], { type }))
    pictures.set(path, address)
    return address
  }

  function askView({ kind, path, text: given }: State['asks'][number]): HTMLElement {
    const { language } = state
    const ask = kind === 'trust' ? pageWords.trustAsk : pageWords.chainsAsk
    const yes = kind === 'trust' ? pageWords.trustYes : pageWords.chainsYes
    const names =
      kind === 'trust'
        ? trustLines([given], '')
            .map(({ name }) => name)
            .join(', ')
        : ''
    const drop = () => {
      state.asks = state.asks.filter((one) => one.text !== given)
    }
    return element(
      'div',
      { class: 'ask', role: 'group' },
      element(
        'p',
        {},
        placed(ask[language], {
          path: foreign(path, oddNames(language)),
          names: foreign(names, oddNames(language)),
        }),
      ),
      element(
        'p',
        { class: 'buttons' },
        element(
          'button',
          {
            type: 'button',
            class: 'yes',
            click: () => {
              drop()
              // A file that only names whom to trust has nothing to judge again.
              if (state.judged.length === 0) Object.assign(state, { found: nothingFound, phase: 'waiting' })
              if (kind === 'trust') load([given], addTrust)
              else {
                state.given = { ...state.given, chains: given }
                again()
              }
            },
          },
          yes[language],
        ),
        element(
          'button',
          {
            type: 'button',
            click: () => {
              drop()
              drawResults()
            },
          },
          pageWords.trustNo[language],
        ),
      ),
    )
  }

  function leftAloneView(): HTMLElement {
    const { language, leftAlone, judged } = state
    const rest = leftAlone.length - leftAloneRows
    return element(
      'details',
      // Of these nothing is known: a good result beside them is not all there is.
      { class: 'left-alone', open: judged.length === 0 || leftAlone.some(({ why }) => !isNoConcern(why)) },
      element('summary', {}, filled(pageWords.leftAlone[language], { count: leftAlone.length })),
      element(
        'ul',
        {},
        leftAlone
          .slice(0, leftAloneRows)
          .map(({ path, why, detail = '' }) =>
            element(
              'li',
              {},
              foreign(path, oddNames(language)),
              ` — ${leftAloneWords[why][language]}`,
              detail === '' ? null : [' (', foreign(detail, oddNames(language)), ')'],
            ),
          ),
      ),
      rest > 0 ? element('p', {}, filled(pageWords.notShown[language], { count: rest })) : null,
    )
  }

  function saveCsv(): void {
    const { csv } = reportWriters
    const parts = [csv.head(), ...state.judged.map(({ path, report }) => csv.row(path, report))]
    save('verification.csv', parts.join(''))
  }

  const rosterBox = element('div', { class: 'roster' })

  async function compareRoster(file: File | undefined): Promise<void> {
    if (file === undefined) return
    const { run } = state
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (state.run !== run) return
    state.fault = undefined
    attempt(() => {
      state.roster = readRoster(bytes)
    })
    drawRoster()
    drawResults()
  }

  /** Who is in the roster is said once everything is judged: before, people would be missing who are not. */
  function drawRoster(): void {
    const { language, roster, judged, phase } = state
    fill(rosterBox, roster !== undefined && phase === 'done' ? rosterView(roster, judged, language) : null)
  }

  document.addEventListener('dragover', (event) => event.preventDefault())
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    if (event.dataTransfer === null) return
    const found = droppedFiles(event.dataTransfer)
    const run = clear('reading')
    void found.then((files) => {
      if (state.run === run) judge(files)
    })
  })
  document.addEventListener('paste', (event) => {
    if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return
    const { files } = event.clipboardData ?? {}
    if (files !== undefined && files.length > 0) judge(chosenFiles(files))
    else judgeText(event.clipboardData?.getData('text/plain') ?? '', pageWords.pasted[state.language])
  })
  draw()
  // A link from a printed code: its fragment is read here and sent nowhere. The next code may come to the same page.
  const judgeFragment = () => {
    if (location.hash.length > 1) judgeText(fragmentOf(location.hash), pageWords.scanned[state.language])
  }
  addEventListener('hashchange', judgeFragment)
  judgeFragment()
}

/** What stands behind `#`; as it is where it is not encoded right, and then judged for what it is. */
function fragmentOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  } catch {
    return hash.slice(1)
  }
}

/** Files that are named; a browser gets slow with many thousands. */
const leftAloneRows = 500

/** What is left alone for these reasons is no certificate. */
const isNoConcern = (why: Left['why']): boolean =>
  why === 'not_a_certificate_file' || why === 'evidence_taken'

/** So many files, or a file of so many bytes, are worth more than one worker. */
const manyFiles = 200
const manyBytes = 1_000_000
const mostWorkers = 4

/** In a worker there is no document; then this script judges and draws nothing. */
function startJudging(): void {
  let current = 0
  addEventListener('message', ({ data }: MessageEvent<JudgeRequest>) => {
    current = data.run
    void judgeFiles(
      data,
      (message) => postMessage(message),
      () => data.run === current,
    )
  })
}

if (typeof document === 'undefined') startJudging()
else startPage()
