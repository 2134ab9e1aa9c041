/** The HTTP face: a function from request to response, for Node and the edge. `gradecert serve` puts it behind a socket. */
export { type App, type AppOptions, createApp } from './server/app.ts'
export type { ServerIssuer } from './server/issue-routes.ts'
export type { Judging } from './server/judges.ts'
export type { Problem } from './server/problem.ts'
export type { FindingWords, IssueResults, RecordAnswer, ResultsAnswer } from './server/results-route.ts'
export type { Site, SiteFile } from './server/site-route.ts'
export type { Tokens } from './server/tokens.ts'
export * from './verify.ts'
