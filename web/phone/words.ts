import { addWords } from '../i18n/index.ts'

/** Words that all pages for phones share. */
addWords({
  'zh-CN': { phone: { photo: '拍照', photoAgain: '重传', photoDrop: '删除照片' } },
  en: { phone: { photo: 'Photo', photoAgain: 'Send again', photoDrop: 'Remove photo' } },
})
