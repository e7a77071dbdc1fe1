import { addWords } from '../i18n/index.ts'
import en from './words/en.ts'
import zh from './words/zh-CN.ts'

addWords({ 'zh-CN': zh, en })
