/** Why a file was not looked into, in words. */
import type { Words } from '../base/message.ts'
import type { CarrierFault } from './carried.ts'

export const carrierFaultWords: Readonly<Record<CarrierFault, Words>> = {
  damaged: { en: 'damaged', zh: '已损坏' },
  encrypted: { en: 'encrypted: open it and save it without a password', zh: '已加密：请解密另存后再试' },
  scripted: {
    en: 'holds a script or an action, which no certificate has',
    zh: '含脚本或动作，证书不会有此内容',
  },
  too_large: { en: 'too large for a certificate', zh: '过大，不可能是证书' },
  bomb: { en: 'built to expand without end', zh: '被构造为无限膨胀' },
  too_many_parts: {
    en: 'has more parts than any certificate, or two certificates in one picture',
    zh: '内含部件过多，或一张图片含有两份证书',
  },
  nothing_inside: {
    en: 'carries no certificate and no code that can be read',
    zh: '未包含证书或可识别的二维码',
  },
}
