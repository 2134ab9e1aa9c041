/** Every code that this package throws, with its words in two languages. */
import { CodedError } from './coded-error.ts'
import { anchoringErrors } from './errors-anchoring.ts'
import { batchErrors } from './errors-batch.ts'
import { carrierErrors } from './errors-carrier.ts'
import { chainsErrors } from './errors-chains.ts'
import { evidenceErrors } from './errors-evidence.ts'
import { pageErrors } from './errors-page.ts'
import { paperErrors } from './errors-paper.ts'
import { picturesErrors } from './errors-pictures.ts'
import { renderErrors } from './errors-render.ts'
import { successionErrors } from './errors-succession.ts'
import { trustErrors } from './errors-trust.ts'
import { verifyingErrors } from './errors-verifying.ts'
import type { Detail, Explanation } from './message.ts'

/** An error with the words that the table below has for its code. */
export class CertificateError<Code extends ErrorCode = ErrorCode> extends CodedError<Code> {
  constructor(code: Code, detail: Detail = {}, options?: ErrorOptions) {
    super(errorCatalogue[code], code, detail, options)
  }
}

const catalogue = {
  ...verifyingErrors,
  ...chainsErrors,
  ...evidenceErrors,
  ...trustErrors,
  ...anchoringErrors,
  ...successionErrors,
  ...batchErrors,
  ...carrierErrors,
  ...pageErrors,
  ...paperErrors,
  ...renderErrors,
  ...picturesErrors,
  'key.secret_malformed': {
    en: [
      'The secret key is not a secret Multikey of Ed25519, P-256 or P-384.',
      'Give the text that `keys export` printed.',
    ],
    zh: ['私钥不是 Ed25519、P-256 或 P-384 的 secret Multikey。', '请提供 `keys export` 给出的文本。'],
  },
  'securing.claim_not_disclosable': {
    en: ['There is no claim {claim} that could be disclosed.', 'Name a claim that is there.'],
    zh: ['不存在可供披露的声明项 {claim}。', '请指定确实存在的声明项。'],
  },
  'securing.claim_name_reserved': {
    en: ['No claim can be called {name}.', 'Choose another name.'],
    zh: ['声明项不能命名为 {name}。', '请改用其他名称。'],
  },
  'securing.salt_refused': {
    en: [
      'The salt for {label} has {bytes} bytes, or was used before.',
      'Give at least 16 random bytes, different ones for every label.',
    ],
    zh: [
      '{label} 的盐值只有 {bytes} 字节，或已被使用过。',
      '请为每个标签提供各不相同的、至少 16 字节的随机数。',
    ],
  },
  'securing.sd_jwt_refused': {
    en: [
      'Every verifier would refuse this SD-JWT ({fault}: {what}).',
      'Give the text as it was issued, or correct the claims that are to be signed.',
    ],
    zh: ['该 SD-JWT 会被所有验证方拒绝（{fault}：{what}）。', '请提供签发时的原文，或更正待签名的声明项。'],
  },
  'securing.not_the_holder': {
    en: [
      'The signer cannot show this credential as its holder ({fault}).',
      'Use the key that the issuer confirmed (`cnf`).',
    ],
    zh: ['该签名者不能以持有人身份出示此凭证（{fault}）。', '请使用签发机构在 `cnf` 中确认的密钥。'],
  },
  'securing.no_canonical_form': {
    en: [
      'The document has no canonical form ({fault}: {what}).',
      'Use only terms that its contexts define, and contexts that are bundled.',
    ],
    zh: ['该文档没有规范形式（{fault}：{what}）。', '请只使用其上下文已定义的术语，以及内置的上下文。'],
  },
  'securing.wrong_algorithm': {
    en: [
      'The suite {suite} does not sign with {algorithm}.',
      'Use a signer of the algorithm that the suite names.',
    ],
    zh: ['签名套件 {suite} 不使用 {algorithm}。', '请使用套件所要求算法的签名者。'],
  },
  'securing.suite_not_made': {
    en: ['Signatures of {suite} are verified and no longer made.', 'Choose another suite.'],
    zh: ['{suite} 签名仅供验证，不再签发。', '请选择其他签名套件。'],
  },
  'securing.selective_incomplete': {
    en: [
      'A proof for selective disclosure cannot be made: {what} is missing or of another form.',
      'Give mandatoryPointers, an hmacKey of 32 random bytes and a new P-256 proofKey, and no previousProof.',
    ],
    zh: [
      '无法生成选择性披露的证明：{what} 缺失或形式不符。',
      '请提供 mandatoryPointers、32 字节随机 hmacKey 和新的 P-256 proofKey，且不含 previousProof。',
    ],
  },
  'securing.too_much_to_sign': {
    en: [
      'The document has more than 1024 statements or pointers, or a pointer of more than 512 characters.',
      'Sign a smaller document, or name larger parts of it.',
    ],
    zh: ['文档的陈述或指针超过 1024 个，或指针超过 512 个字符。', '请签署较小的文档，或引用较大的部分。'],
  },
  'securing.pointer_unmatched': {
    en: [
      'The pointer {pointer} names nothing in the document.',
      'Give JSON pointers (RFC 6901); a list of one is named as a whole.',
    ],
    zh: ['指针 {pointer} 在文档中没有对应内容。', '请使用 JSON 指针（RFC 6901）；只有一项的列表须整体引用。'],
  },
  'securing.nothing_shown': {
    en: ['No pointer asks for anything to be shown.', 'Give at least one pointer.'],
    zh: ['没有任何指针指明要披露的内容。', '请至少提供一个指针。'],
  },
  'securing.signer_misbehaves': {
    en: [
      'The signer returned {bytes} bytes.',
      'It has to return the raw signature: 64 bytes for Ed25519 and P-256, 96 for P-384, never DER.',
    ],
    zh: [
      '签名者返回了 {bytes} 字节。',
      '应返回原始签名：Ed25519 与 P-256 为 64 字节，P-384 为 96 字节，不得使用 DER。',
    ],
  },
  'securing.previous_proof_missing': {
    en: ['The document has no proof with the id {id}.', 'Name only proofs that are already there.'],
    zh: ['文档中没有 id 为 {id} 的证明。', '请只引用已存在的证明。'],
  },
  'securing.jwt_refused': {
    en: [
      'The document cannot be secured as a JWT ({fault}: {what}).',
      'Correct that member, or sign with a key of the issuer that the document names.',
    ],
    zh: ['该文档不能以 JWT 形式签名（{fault}：{what}）。', '请更正该项，或使用文档所写签发者的密钥签名。'],
  },
  'did.log_refused': {
    en: [
      'The log of the did:webvh would not be accepted ({fault}: {what}).',
      'Give the whole log as it is published, a later moment, and what its last entry asks for.',
    ],
    zh: [
      'did:webvh 日志不会被接受（{fault}：{what}）。',
      '请提供已发布的完整日志、更晚的时刻，以及最后一条记录所要求的参数。',
    ],
  },
  'did.signer_unfit': {
    en: [
      'The signer {method} cannot sign for a did:webvh.',
      'Use an Ed25519 key that is named by its own did:key, as `generateSigner` gives.',
    ],
    zh: [
      '签名者 {method} 不能用于 did:webvh。',
      '请使用以自身 did:key 命名的 Ed25519 密钥（如 `generateSigner` 所生成）。',
    ],
  },
  'registry.number_taken': {
    en: ['The number {number} already has a live certificate.', 'Revoke it first, or give another number.'],
    zh: ['证书编号 {number} 已有有效证书。', '请先撤销原证书，或使用其他编号。'],
  },
  'registry.not_reserved': {
    en: ['No certificate {id} was reserved.', 'Reserve it before its text is kept.'],
    zh: ['证书 {id} 尚未登记。', '请先登记再保存文本。'],
  },
  'registry.version_unknown': {
    en: ['The registry {path} is of version {version}.', 'Use the release of gradecert that wrote it.'],
    zh: ['登记库 {path} 的版本为 {version}。', '请使用写入它的 gradecert 版本。'],
  },
  'registry.missing': {
    en: [
      'The registry {path} is not there, or empty. It alone knows what was issued and revoked.',
      'Restore it from a copy; a new one would forget every revocation.',
    ],
    zh: [
      '登记库 {path} 不存在或为空。已签发和已撤销的记录都在其中。',
      '请从备份恢复；新建的登记库会丢失全部撤销记录。',
    ],
  },
  'publish.would_unrevoke': {
    en: [
      'Publishing would make {count} revoked certificates valid again: {path} knows more than the registry.',
      'The registry is an old copy: put the newest one back, or revoke those certificates again.',
    ],
    zh: [
      '发布将使 {count} 张已撤销的证书重新有效：{path} 的记录比登记库更新。',
      '登记库是旧备份：请恢复最新备份，或重新撤销这些证书。',
    ],
  },
  'workspace.key_missing': {
    en: [
      'The workspace {dir} has lost {file}.',
      'Put it back from your copy with `gradecert keys import FILE`.',
    ],
    zh: ['工作目录 {dir} 缺少 {file}。', '请用 `gradecert keys import 文件` 从备份恢复。'],
  },
  'cli.name_missing': {
    en: ['The agency has no name.', 'Give one with --name.'],
    zh: ['缺少机构名称。', '请用 --name 指定。'],
  },
  'registry.unusable': {
    en: [
      'The registry {path} cannot be used ({what}).',
      'See to its folder or server, its rights and free space, then run again.',
    ],
    zh: ['登记库 {path} 无法使用（{what}）。', '请检查其目录或服务器、权限和磁盘空间后重试。'],
  },
  'registry.locked': {
    en: [
      'Another process has been writing to the registry {path} for long.',
      'Wait for it, or end it; then run again: nothing is done twice.',
    ],
    zh: ['另一进程长时间占用登记库 {path}。', '请等待或结束该进程后重试，不会重复签发。'],
  },
  'registry.damaged': {
    en: [
      'The registry {path} is damaged or cut short ({what}). It alone knows what was issued and revoked.',
      'Restore it from the newest copy; a new one would forget every revocation.',
    ],
    zh: [
      '登记库 {path} 已损坏或不完整（{what}）。已签发和已撤销的记录都在其中。',
      '请从最新备份恢复；新建登记库会丢失全部撤销记录。',
    ],
  },
  'registry.replaced': {
    en: [
      'The registry {path} was moved, deleted or replaced while it was in use.',
      'Put back the file that was there, then run again: what was issued until now is known to it alone.',
    ],
    zh: [
      '登记库 {path} 在使用过程中被移动、删除或替换。',
      '请放回原文件后重试：此前的签发记录仅在原文件中。',
    ],
  },
  'file.too_large': {
    en: ['{path} has {bytes} bytes.', 'Split it: files of up to 256 MiB are read.'],
    zh: ['{path} 有 {bytes} 字节。', '请拆分：单个文件最大 256 MiB。'],
  },
  'issue.certificate_malformed': {
    en: ['The certificate is not complete or not consistent: {where} {what}.', 'Correct that member.'],
    zh: ['证书内容不完整或不一致：{where} {what}。', '请更正该项。'],
  },
  'issue.holder_malformed': {
    en: ['The data of the holder are not well-formed: {where} ({what}).', 'Correct them at the source.'],
    zh: ['持有人信息格式不正确：{where}（{what}）。', '请在数据源处更正。'],
  },
  'issue.wrong_signer': {
    en: [
      'The signer speaks for {signer}, the certificate is of {issuer}.',
      'Use the key of the agency that issues.',
    ],
    zh: ['签名者属于 {signer}，而证书的签发者是 {issuer}。', '请使用签发机构自己的密钥。'],
  },
  'issue.awarded_before_exam': {
    en: [
      'Record {record} was examined on {examined}, after the award date {awarded}.',
      'Give a later date with --awarded.',
    ],
    zh: ['第 {record} 条的考核日期 {examined} 晚于发证日期 {awarded}。', '请用 --awarded 指定更晚的日期。'],
  },
  'issue.awarded_in_future': {
    en: ['The award date {awarded} lies in the future.', 'Give today or an earlier day with --awarded.'],
    zh: ['发证日期 {awarded} 在将来。', '请用 --awarded 指定今天或更早的日期。'],
  },
  'issue.number_malformed': {
    en: [
      'The number {number} does not have the form that the catalogue asks for.',
      'Correct certificateNumber in catalogue.json.',
    ],
    zh: ['编号 {number} 不符合目录规定的格式。', '请更正 catalogue.json 中的 certificateNumber。'],
  },
  'workspace.not_found': {
    en: [
      'The folder {dir} holds no {file}.',
      'Run `gradecert init` first, or name the workspace with --dir.',
    ],
    zh: ['{dir} 中没有 {file}。', '请先运行 `gradecert init`，或用 --dir 指定工作目录。'],
  },
  'workspace.exists': {
    en: ['{dir} already holds a workspace ({file}).', 'Choose another folder; nothing was changed.'],
    zh: ['{dir} 已是工作目录（{file}）。', '请选择其他目录；未作任何改动。'],
  },
  'workspace.did_malformed': {
    en: [
      '{did} is not an identifier that an agency can have here.',
      'Give --did key, or --did web:HOST with a host name such as cert.agency.example.',
    ],
    zh: ['{did} 不能用作机构标识。', '请使用 --did key，或 --did web:主机名，例如 web:cert.agency.example。'],
  },
  'workspace.file_malformed': {
    en: ['{file} is not as it should be ({what}).', 'Correct it or restore it from a copy.'],
    zh: ['{file} 内容有误（{what}）。', '请更正或从备份恢复。'],
  },
  'workspace.registry_of_another': {
    en: [
      'The registry belongs to {settled}; this workspace is that of {did}.',
      'Give each agency a database of its own: they would share serial numbers and places in status lists.',
    ],
    zh: [
      '该登记库属于 {settled}，而本工作目录属于 {did}。',
      '请为每个机构使用单独的数据库，否则流水号和状态列表位置会相互冲突。',
    ],
  },
  'workspace.list_size_settled': {
    en: [
      'The certificates of this workspace stand in status lists of {settled} entries; gradecert.json asks for {asked}.',
      'Set "statusListEntries" to {settled} again: the size is settled with the first certificate.',
    ],
    zh: [
      '本工作目录的证书登记在 {settled} 项的状态列表中，而 gradecert.json 要求 {asked} 项。',
      '请将 "statusListEntries" 改回 {settled}：签发首张证书后列表大小不可更改。',
    ],
  },
  'status.number_unknown': {
    en: ['No certificate has the number {number}.', 'Give the number as it stands on the certificate.'],
    zh: ['没有编号为 {number} 的证书。', '请输入证书上的编号。'],
  },
  'status.not_possible': {
    en: [
      'The certificate {number} is {standing}: {change} is not possible.',
      'Revocation cannot be undone; suspend a live certificate, reinstate a suspended one.',
    ],
    zh: [
      '证书 {number} 当前状态为 {standing}，不能执行 {change}。',
      '撤销不可恢复；只能暂停有效证书，或恢复已暂停的证书。',
    ],
  },
  'status.reason_unknown': {
    en: ['{reason} is not a reason for this change.', 'Give one of: {reasons}.'],
    zh: ['{reason} 不是此操作的原因代码。', '请使用：{reasons}。'],
  },
  'carrier.not_found': {
    en: ['{path} cannot be read.', 'Check the path and your right to read it.'],
    zh: ['无法读取 {path}。', '请检查路径和读取权限。'],
  },
  'carrier.archive_damaged': {
    en: ['{path} is not a whole zip archive.', 'Get it again from where it came from.'],
    zh: ['{path} 不是完整的 zip 文件。', '请重新获取该文件。'],
  },
  'cli.instant_malformed': {
    en: [
      '{text} is not a moment.',
      'Write it as 2026-03-01T09:00:00Z or 2026-03-01; SOURCE_DATE_EPOCH takes seconds.',
    ],
    zh: ['{text} 不是有效时刻。', '请写作 2026-03-01T09:00:00Z 或 2026-03-01；SOURCE_DATE_EPOCH 为秒数。'],
  },
  'cli.date_malformed': {
    en: ['{text} is not a day.', 'Write it as 2026-03-01.'],
    zh: ['{text} 不是有效日期。', '请写作 2026-03-01。'],
  },
  'cli.region_unknown': {
    en: [
      '{region} is not a region that certificate numbers know.',
      'Give its ISO 3166-2 code, such as CN-BJ.',
    ],
    zh: ['{region} 不是可用于证书编号的地区。', '请使用 ISO 3166-2 代码，例如 CN-BJ。'],
  },
  'cli.agency_code_malformed': {
    en: ['{code} is not an agency code.', 'Give four digits or capital letters.'],
    zh: ['{code} 不是机构代码。', '请使用四位数字或大写字母。'],
  },
  'cli.type_unknown': {
    en: ['{type} is not a type of certificate.', 'Give grade, notice or training.'],
    zh: ['{type} 不是证书类型。', '请使用 grade、notice 或 training。'],
  },
  'cli.field_unknown': {
    en: ['There is no field {field} to disclose.', 'Name some of: {known}.'],
    zh: ['没有可披露的字段 {field}。', '可用字段：{known}。'],
  },
  'cli.holder_keys_malformed': {
    en: [
      'The file of holders’ keys {path} cannot be used ({what}).',
      'Write a JSON object: admission number to the Multikey or did:key of the holder.',
    ],
    zh: [
      '持有人公钥文件 {path} 无法使用（{what}）。',
      '请写成 JSON 对象：准考证号对应持有人的 Multikey 或 did:key。',
    ],
  },
  'cli.binding_incomplete': {
    en: [
      'Key, challenge and domain belong together.',
      'Give all three, or none for a presentation that is bound to nobody.',
    ],
    zh: ['密钥、挑战值和验证方名称须同时给出。', '请全部给出，或全部省略（不绑定任何人）。'],
  },
  'cli.state_malformed': {
    en: ['The state file {path} is not one.', 'Restore it, or name a new file with --state.'],
    zh: ['状态文件 {path} 内容有误。', '请恢复该文件，或用 --state 指定新文件。'],
  },
  'cli.keys_malformed': {
    en: ['{path} is not what `keys export` wrote.', 'Give that file, unchanged.'],
    zh: ['{path} 不是 `keys export` 导出的文件。', '请提供未经修改的导出文件。'],
  },
  'cli.would_overwrite': {
    en: ['{path} is there already and was left as it is.', 'Name another file, or move that one away.'],
    zh: ['{path} 已存在，未作改动。', '请指定其他文件，或先移走该文件。'],
  },
  'cli.days_malformed': {
    en: ['{text} is not a number of days.', 'Give a whole number from 1 to 3660.'],
    zh: ['{text} 不是有效的天数。', '请输入 1 到 3660 的整数。'],
  },
  'trust.draft_malformed': {
    en: ['{path} is not a draft of a trust list.', 'Start from `trust build` and keep its members.'],
    zh: ['{path} 不是信任列表草稿。', '请从 `trust build` 生成的草稿开始编辑。'],
  },
  'certificate.occupation_unknown': {
    en: [
      'The catalogue has no occupation {code}.',
      'Give a code of the catalogue, or add the occupation to it.',
    ],
    zh: ['目录中没有职业 {code}。', '请使用目录中的职业编码，或先将其加入目录。'],
  },
  'certificate.direction_unknown': {
    en: ['{direction} is not a direction of this occupation.', 'It has: {directions}.'],
    zh: ['{direction} 不是该职业的职业方向。', '可选：{directions}。'],
  },
  'securing.proof_refused': {
    en: [
      'With this proof the document would be refused by every verifier ({fault}: {what}).',
      'Correct the options of the proof.',
    ],
    zh: ['加上该证明后文档会被所有验证方拒绝（{fault}：{what}）。', '请更正证明的选项。'],
  },
  'server.token_malformed': {
    en: [
      'A bearer token has fewer than 16 characters, or characters that cannot be sent.',
      'Draw one at random, for example with `openssl rand -hex 32`, one a line.',
    ],
    zh: [
      '访问令牌少于 16 个字符，或含有无法发送的字符。',
      '请随机生成，例如 `openssl rand -hex 32`，每行一个。',
    ],
  },
  'server.body_limit_malformed': {
    en: ['{bodyLimit} is not a limit for bodies.', 'Give a number of bytes from 1 to 16777216.'],
    zh: ['{bodyLimit} 不是有效的请求体上限。', '请输入 1 到 16777216 的字节数。'],
  },
  'server.cannot_listen': {
    en: [
      'The server cannot listen at {host}, port {port} ({what}).',
      'Name another --host or --port, or end what listens there.',
    ],
    zh: [
      '服务器无法在 {host} 端口 {port} 上监听（{what}）。',
      '请更换 --host 或 --port，或停止占用该端口的程序。',
    ],
  },
  'server.tls_malformed': {
    en: [
      'The certificate or the key for TLS is none, or they do not belong together.',
      'Give both as PEM, the key without a password.',
    ],
    zh: ['TLS 证书或私钥无效，或二者不匹配。', '请提供 PEM 格式的证书和未加密的私钥。'],
  },
  'cli.serve_access_unsaid': {
    en: ['Nobody said who may issue over HTTP.', 'Give --token-file FILE, or --open on this machine alone.'],
    zh: ['未指定谁可以通过 HTTP 签发。', '请提供 --token-file 文件，或仅在本机使用 --open。'],
  },
  'cli.serve_open_beyond_loopback': {
    en: [
      'With --open everybody who reaches {host} could issue.',
      'Leave --host at 127.0.0.1, or give --token-file FILE.',
    ],
    zh: [
      '使用 --open 时，任何能访问 {host} 的人都可以签发。',
      '请将 --host 保持为 127.0.0.1，或提供 --token-file 文件。',
    ],
  },
  'cli.serve_token_file_shared': {
    en: ['Others than its owner may read the token file {path}.', 'Take the right from them: chmod 600.'],
    zh: ['令牌文件 {path} 可被其他用户读取。', '请执行 chmod 600 收回权限。'],
  },
  'cli.serve_token_file_empty': {
    en: [
      'The token file {path} holds no token.',
      'Write one a line, for example with `openssl rand -hex 32`.',
    ],
    zh: ['令牌文件 {path} 中没有令牌。', '请每行写入一个，例如使用 `openssl rand -hex 32`。'],
  },
  'cli.serve_tls_incomplete': {
    en: [
      'For TLS both a certificate and its key are needed.',
      'Give --tls-cert FILE and --tls-key FILE together.',
    ],
    zh: ['启用 TLS 需要证书和私钥。', '请同时提供 --tls-cert 文件 和 --tls-key 文件。'],
  },
  'cli.serve_number_malformed': {
    en: ['{text} is not a number for {option}.', 'Give a whole number; a port goes from 0 to 65535.'],
    zh: ['{text} 不是 {option} 的有效数字。', '请输入整数；端口范围为 0 到 65535。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>

export type ErrorCode = keyof typeof catalogue

/** Every code with its words. */
export const errorCatalogue: Readonly<Record<ErrorCode, Explanation>> = catalogue
